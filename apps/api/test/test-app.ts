import 'reflect-metadata';

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';

import { createApp } from '../src/create-app';
import type { Config } from '../src/platform/config/config';
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
  /** Ends the application only: its database and its files stay, for another start on them. */
  stop(): Promise<void>;
  /** Ends the application and removes all that it had. */
  close(): Promise<void>;
}

/** @param from what an earlier application left, to start on: its database, and its DATA_DIR */
export async function startTestApp(
  changes: Partial<Config> = {},
  from?: { database: TestDatabase; config?: Pick<Config, 'dataDir'> },
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
    metricsIntervalMs: 250,
    publicUrl: null,
    trustProxy: null,
    corsOrigins: [],
    logLevel: 'silent',
    withoutEffect: [],
    ...changes,
  };
  const app = await createApp(
    config,
    database.url,
    pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
  );
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
    stop,
    close: async () => {
      await stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
