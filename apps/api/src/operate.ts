import 'reflect-metadata';

import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { OperatorError, PasswordResetRepository, resetPassword } from './accounts';
import { ConfigError, readConfig } from './platform/config/config';
import { withDatabase } from './platform/database/operator-database';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

const USAGE = `Usage: npm run homeserver -- COMMAND

  user reset-password USERNAME   gives an account another password

Each command has --help.
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
    },
  });
  const [group, action, username, ...rest] = positionals;
  if (group !== 'user' || action !== 'reset-password') {
    if (values.help !== true || group !== undefined) throw new OperatorError(USAGE.trimEnd());
    process.stdout.write(USAGE);
  } else if (values.help === true) {
    process.stdout.write(RESET_USAGE);
  } else if (username === undefined || rest.length > 0) {
    throw new OperatorError(RESET_USAGE.trimEnd());
  } else {
    const password =
      values.stdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
    const withoutSecondFactor = values['without-second-factor'] === true;
    await reset({ username, password, withoutSecondFactor });
  }
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
