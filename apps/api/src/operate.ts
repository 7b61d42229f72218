import 'reflect-metadata';

import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { OperatorError, PasswordResetRepository, resetPassword } from './accounts';
import { scanDrives, ScanOrdersRepository } from './drives';
import { ConfigError, readConfig } from './platform/config/config';
import { withDatabase } from './platform/database/operator-database';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

const USAGE = `Usage: npm run homeserver -- COMMAND

  user reset-password USERNAME   gives an account another password
  drive scan [NAME|ID]           brings the index of a drive, or of all, together with the disk

Each command has --help.
`;

const SCAN_USAGE = `Usage: npm run homeserver -- drive scan [NAME|ID] [--full]

Has the running HomeServer look for what has changed on a drive, or on all of them, and tells how far it
is. Interrupting this does not end the scan. Where no HomeServer runs, it begins when one is started.

  --full   looks at every file, not only into folders whose time has changed
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
    },
  });
  const [group, action, ...names] = positionals;
  const command = COMMANDS.get(`${group ?? ''} ${action ?? ''}`);
  if (command === undefined) {
    if (values.help !== true || group !== undefined) throw new OperatorError(USAGE.trimEnd());
    process.stdout.write(USAGE);
  } else if (values.help === true) {
    process.stdout.write(command.usage);
  } else if (!command.takes(names, Object.keys(values))) {
    throw new OperatorError(command.usage.trimEnd());
  } else {
    await command.run(names[0], values);
  }
}

interface Options {
  readonly stdin?: boolean;
  readonly 'without-second-factor'?: boolean;
  readonly full?: boolean;
}

interface Command {
  readonly usage: string;
  /** Whether it can be run with these names and options. */
  takes(names: readonly string[], options: readonly string[]): boolean;
  run(name: string | undefined, options: Options): Promise<void>;
}

const COMMANDS = new Map<string, Command>([
  [
    'user reset-password',
    {
      usage: RESET_USAGE,
      takes: (names, options) => names.length === 1 && !options.includes('full'),
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
      takes: (names, options) => names.length <= 1 && options.every((option) => option === 'full'),
      run: async (drive, options) => scan(drive ?? null, options.full === true),
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
