import { setTimeout as delay } from 'node:timers/promises';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { Client } from 'pg';
import type { Logger } from 'pino';

import { SetupService } from './accounts';
import { createApp } from './create-app';
import { inTurn } from './in-turn';
import type { Config } from './platform/config/config';
import { DataDirLock } from './platform/database/data-dir-lock';
import { migrate } from './platform/database/data-source';
import { isDatabaseAway } from './platform/database/database-errors';
import { embeddedPostgresBinaries } from './platform/database/embedded-postgres/postgres-binaries';
import { PostgresSupervisor } from './platform/database/embedded-postgres/postgres-supervisor';
import { errorCode } from './platform/filesystem/error-code';
import { missingPage } from './platform/http/web-root.adapter';

const DATABASE_RETRY_MS = 2000;
/** What is under way may end by itself for so long after the stop was asked for. */
const DRAIN_MS = 5000;

/** A start that cannot go on. The message is one line for the person who starts the server. */
export class StartError extends Error {}

/** Everything that runs: the lock on DATA_DIR, the database, the application. */
export class Server {
  private constructor(
    private readonly app: NestExpressApplication,
    private readonly postgres: PostgresSupervisor | null,
    private readonly lock: DataDirLock,
    readonly port: number,
  ) {}

  /** What the set-up page asks for; null when there is an administrator already. */
  get setupToken(): string | null {
    return this.app.get(SetupService).token;
  }

  /**
   * @param stopping aborts the start; what was begun is undone
   * @throws StartError, DataDirInUseError
   */
  static async start(config: Config, logger: Logger, stopping: AbortSignal): Promise<Server> {
    requireWebApp(config.webRoot);
    const lock = await acquireDataDir(config);
    let postgres: PostgresSupervisor | null = null;
    try {
      if (config.databaseUrl === null) {
        postgres = await PostgresSupervisor.start({
          dataDir: config.dataDir,
          binaries: await embeddedPostgresBinaries(),
          onEvent: (message) => logger.warn(message),
        });
      } else {
        await waitForDatabase(config.databaseUrl, logger, stopping);
      }
      stopping.throwIfAborted();
      const databaseUrl = postgres?.url ?? config.databaseUrl ?? '';
      await migrate(databaseUrl);
      const app = await createApp(config, databaseUrl, logger);
      await listen(app, config);
      const address = app.getHttpServer().address();
      const port = typeof address === 'object' && address !== null ? address.port : config.port;
      return new Server(app, postgres, lock, port);
    } catch (error) {
      // What ended the start is told, whatever its undoing meets.
      await inTurn([() => Promise.reject(error), () => postgres?.stop(), () => lock.release()]);
      throw error;
    }
  }

  /** Ends what is under way, then the database, then lets go of DATA_DIR, also when one of these fails. */
  async stop(): Promise<void> {
    const cut = setTimeout(() => this.app.getHttpServer().closeAllConnections(), DRAIN_MS);
    await inTurn([
      () => this.app.close(),
      () => clearTimeout(cut),
      () => this.postgres?.stop(),
      () => this.lock.release(),
    ]);
  }
}

/** @throws StartError when the web app has not been built */
function requireWebApp(webRoot: string | null): void {
  const page = webRoot === null ? null : missingPage(webRoot);
  if (page === null) return;
  throw new StartError(
    `The web app is not built: there is no ${page}. Start HomeServer by “npm start”, which builds it.`,
  );
}

/** @throws StartError when the folder cannot be made or written, DataDirInUseError */
async function acquireDataDir(config: Config): Promise<DataDirLock> {
  try {
    return await DataDirLock.acquire(config.dataDir, `http://localhost:${config.port}`);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new StartError(
      `DATA_DIR is “${config.dataDir}”; it takes: a folder that this user may make and write (${errorCode(error)}).`,
    );
  }
}

async function listen(app: NestExpressApplication, config: Config): Promise<void> {
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${config.port} is in use by another program. Set PORT to a free one.`,
      );
    }
    if (code === 'EACCES')
      throw new StartError(
        `Port ${config.port} is not allowed to this user. Set PORT to one above 1023.`,
      );
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`HOST is “${config.host}”; it takes: an address of this machine.`);
    }
    throw error;
  }
}

/** An external database may come up after us. */
async function waitForDatabase(url: string, logger: Logger, stopping: AbortSignal): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    try {
      await client.connect();
      return;
    } catch (error) {
      if (!isDatabaseAway(error)) {
        throw new StartError(
          `The database of DATABASE_URL refuses us: ${error instanceof Error ? error.message : 'unknown'}.`,
        );
      }
      logger.warn('The database of DATABASE_URL cannot be reached yet; trying again.');
      await delay(DATABASE_RETRY_MS, undefined, { signal: stopping });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
