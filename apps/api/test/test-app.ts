import 'reflect-metadata';

import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SCOPES } from '@homeserver/dto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';

import { hashSecret, newSecret } from '../src/accounts/secret';
import { createApp, type Limits } from '../src/create-app';
import type { Config } from '../src/platform/config/config';
import { uuid7 } from '../src/platform/database/uuid7';
import { query } from './query';
import { createTestDatabase, type TestDatabase } from './test-database';

/** The whole application on a database and a DATA_DIR of its own, listening on a free port of the loopback interface. */
export interface TestApp {
  readonly app: NestExpressApplication;
  readonly config: Config;
  readonly database: TestDatabase;
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The folder of the default drive. */
  readonly filesFolder: string;
  /** Of the administrator; requests that come with nothing are given it. */
  readonly token: string;
  /** Ends the application only: its database and its files stay, for another start on them. */
  stop(): Promise<void>;
  /** Ends the application and removes all that it had. */
  close(): Promise<void>;
}

export const ADMINISTRATOR = { username: 'keeper', password: 'the tide was high at nine' };

/** A request with this header is left as it is: nobody is signed in. */
export const ANONYMOUS = { 'X-Anonymous': '1' };

/**
 * @param from what an earlier application left, to start on: its database, and its DATA_DIR
 * @param limits smaller ones than the product's, for tests that meet them
 */
export async function startTestApp(
  changes: Partial<Config> = {},
  from?: { database: TestDatabase; config?: Pick<Config, 'dataDir'> },
  limits?: Limits,
): Promise<TestApp> {
  const database = from?.database ?? (await createTestDatabase());
  const dataDir =
    from?.config?.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'homeserver-test-data-')));
  const config: Config = {
    version: '0.0.0',
    port: 0,
    host: '127.0.0.1',
    dataDir,
    webRoot: null,
    databaseUrl: database.url,
    firstAdministrator: ADMINISTRATOR,
    identityProvider: null,
    drives: [],
    metricsIntervalMs: 250,
    publicUrl: null,
    trustProxy: null,
    corsOrigins: [],
    accelRedirect: null,
    virusScanner: null,
    logLevel: 'silent',
    withoutEffect: [],
    ...changes,
  };
  const app = await createApp(
    config,
    database.url,
    pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    limits,
  );
  const token = await tokenOfAdministrator(database.url);
  if (token !== '') signIn(app.getHttpServer(), token);
  await app.listen(0, '127.0.0.1');
  const address = app.getHttpServer().address();
  if (address === null || typeof address === 'string')
    throw new Error('The application does not listen.');
  const stop = async () => {
    // Answers that a test never read to their end would hold the server up.
    app.getHttpServer().closeAllConnections();
    await app.close();
  };
  return {
    app,
    config,
    database,
    url: `http://127.0.0.1:${address.port}`,
    filesFolder: path.join(dataDir, 'files'),
    token,
    stop,
    close: async () => {
      await stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A token of all scopes for the first administrator; empty where there is none. */
async function tokenOfAdministrator(databaseUrl: string): Promise<string> {
  const token = `hs_${newSecret()}`;
  const rows = await query(
    databaseUrl,
    `insert into api_tokens (id, user_id, name, secret_hash, scopes, created_at, last_used_at)
     select $1, id, 'tests', $2, $3, now(), now() from users where role = 'admin' order by created_at limit 1
     returning 1`,
    [uuid7(), hashSecret(token), SCOPES],
  );
  return rows.length === 0 ? '' : token;
}

/** Most tests are about something else than who calls: what comes with nothing is the administrator's. */
function signIn(server: Server, token: string): void {
  const addToken = ({ headers }: IncomingMessage) => {
    const isPlain =
      headers.authorization === undefined &&
      headers.cookie === undefined &&
      headers['x-anonymous'] === undefined;
    if (isPlain) headers.authorization = `Bearer ${token}`;
  };
  for (const event of ['request', 'upgrade', 'checkContinue'])
    server.prependListener(event, addToken);
}
