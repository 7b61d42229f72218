import 'reflect-metadata';

import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { PasswordResetRepository, resetPassword } from './accounts';
import { scanDrives, ScanOrdersRepository } from './drives';
import { checkDrives, type CheckedResult, linesOf, withCheckMeans } from './files';
import { ConfigError, readConfig } from './platform/config/config';
import { OperatorError } from './platform/config/operator-error';
import { withDatabase } from './platform/database/operator-database';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

const USAGE = `Usage: npm run homeserver -- COMMAND

  user reset-password USERNAME   gives an account another password
  drive scan [NAME|ID]           brings the index of a drive, or of all, together with the disk
  check                          looks whether all that is stored is there, and is what was stored

Each command has --help.
`;

const SCAN_USAGE = `Usage: npm run homeserver -- drive scan [NAME|ID] [--full]

Has the running HomeServer look for what has changed on a drive, or on all of them, and tells how far it
is. Interrupting this does not end the scan. Where no HomeServer runs, it begins when one is started.

  --full   looks at every file, not only into folders whose time has changed
`;

const CHECK_USAGE = `Usage: npm run homeserver -- check [--drive NAME|ID] [--quick] [--json]

Compares what is known of the drives with what lies on them, both ways: files and folders, the trash,
earlier versions, and uploads under way. Then it reads every file, and compares its bytes with its SHA-256.
What seems wrong is looked at twice. Nothing is repaired, removed or written to a drive; what is corrupted is
shown in the web app, and told by an event. Works while HomeServer runs, and while it does not.

  --drive   checks one drive, by its name or its id, instead of all
  --quick   compares names, sizes and times alone: no file is read
  --json    prints what was found as one JSON object; how far it is goes to the standard error

Exit codes: 0, all is as it should be; 1, it could not be checked, or a drive is away; 2, something was found.
`;

const RESET_USAGE = `Usage: npm run homeserver -- user reset-password USERNAME [--stdin] [--without-second-factor]

Gives an account another password and prints it, lets the account in again where it was disabled, and ends
all its sessions. Works while HomeServer runs, and while it does not, by the same environment (DATA_DIR,
DATABASE_URL).

  --stdin                   takes the password from the standard input instead of making one
  --without-second-factor   also removes the authenticator app, the passkeys and the recovery codes
`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      stdin: { type: 'boolean' },
      'without-second-factor': { type: 'boolean' },
      full: { type: 'boolean' },
      drive: { type: 'string' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const [group, action, ...names] = positionals;
  const command = COMMANDS.get([group, action].join(' ').trim());
  if (command === undefined) {
    if (values.help !== true || group !== undefined) throw new OperatorError(USAGE.trimEnd());
    process.stdout.write(USAGE);
  } else if (values.help === true) {
    process.stdout.write(command.usage);
  } else if (
    names.length < command.names.least ||
    names.length > command.names.most ||
    Object.keys(values).some((option) => !command.options.includes(option))
  ) {
    throw new OperatorError(command.usage.trimEnd());
  } else {
    await command.run(names[0], values);
  }
}

interface Options {
  readonly stdin?: boolean;
  readonly 'without-second-factor'?: boolean;
  readonly full?: boolean;
  readonly drive?: string;
  readonly quick?: boolean;
  readonly json?: boolean;
}

interface Command {
  readonly usage: string;
  /** How many names it takes after its own. */
  readonly names: { readonly least: number; readonly most: number };
  readonly options: readonly string[];
  run(name: string | undefined, options: Options): Promise<void>;
}

const COMMANDS = new Map<string, Command>([
  [
    'user reset-password',
    {
      usage: RESET_USAGE,
      names: { least: 1, most: 1 },
      options: ['stdin', 'without-second-factor'],
      run: async (username = '', options) =>
        reset({
          username,
          password: options.stdin === true ? await readPassword() : null,
          withoutSecondFactor: options['without-second-factor'] === true,
        }),
    },
  ],
  [
    'drive scan',
    {
      usage: SCAN_USAGE,
      names: { least: 0, most: 1 },
      options: ['full'],
      run: async (drive, options) => scan(drive ?? null, options.full === true),
    },
  ],
  [
    'check',
    {
      usage: CHECK_USAGE,
      names: { least: 0, most: 0 },
      options: ['drive', 'quick', 'json'],
      run: async (_name, options) => check(options),
    },
  ],
]);

async function readPassword(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

async function scan(drive: string | null, isFull: boolean): Promise<void> {
  const config = readConfig(process.env, repositoryRoot);
  await withDatabase(config, (dataSource, isServed) =>
    scanDrives(new ScanOrdersRepository(dataSource), { drive, isFull, isServed }, (line) =>
      process.stdout.write(`${line}\n`),
    ),
  );
}

async function check({ drive, quick, json }: Options): Promise<void> {
  const config = readConfig(process.env, repositoryRoot);
  const output = json === true ? process.stderr : process.stdout;
  const results = await withDatabase(config, (_dataSource, isServed, url) =>
    withCheckMeans(url, (means) =>
      checkDrives(
        means,
        { drive: drive ?? null, isServed, isQuick: quick === true, dataDir: config.dataDir },
        (line) => output.write(`${line}\n`),
      ),
    ),
  );
  if (json === true) process.stdout.write(`${JSON.stringify({ drives: results })}\n`);
  else for (const line of results.flatMap(linesOf)) process.stdout.write(`${line}\n`);
  process.exitCode = exitCodeOf(results);
}

function exitCodeOf(results: readonly CheckedResult[]): number {
  if (results.some(({ findings }) => findings.length > 0)) return 2;
  return results.some(({ outcome }) => outcome === 'away') ? 1 : 0;
}

async function reset(wish: Parameters<typeof resetPassword>[1]): Promise<void> {
  const config = readConfig(process.env, repositoryRoot);
  const { password, stillLetIn } = await withDatabase(config, (dataSource) =>
    resetPassword(new PasswordResetRepository(dataSource), wish),
  );
  process.stdout.write(
    wish.password === null
      ? `The password of ${wish.username} is now: ${password}\n`
      : `The password of ${wish.username} was changed.\n`,
  );
  if (stillLetIn.length > 0) {
    process.stdout.write(
      `Still let in: ${stillLetIn.join(', ')}. They are ended in the web app, under Account.\n`,
    );
  }
}

main().catch((error: unknown) => {
  const isForPeople =
    error instanceof OperatorError ||
    error instanceof ConfigError ||
    // What parseArgs says of an option that there is not.
    (error instanceof TypeError && 'code' in error);
  process.stderr.write(
    `${error instanceof Error ? (isForPeople ? error.message : error.stack) : String(error)}\n`,
  );
  process.exitCode = 1;
});
