import { DataSource } from 'typeorm';

import type { Config } from '../config/config';
import { ConfigError } from '../config/config-error';
import { DataDirInUseError, DataDirLock } from './data-dir-lock';
import { dataSourceOptions, migrate } from './data-source';
import { embeddedPostgresBinaries } from './embedded-postgres/postgres-binaries';
import { PostgresSupervisor } from './embedded-postgres/postgres-supervisor';

/**
 * What a command does with the database.
 * @param isServed whether a server works on it at this moment; null: that is not known
 * @param url where it is, for a connection of another kind
 */
export type OperatorWork<Result> = (
  dataSource: DataSource,
  isServed: boolean | null,
  url: string,
) => Promise<Result>;

/**
 * Opens the database for a command of the operator: that of the server that is running, or, where none is,
 * one that is started for it and stopped after it.
 * @throws ConfigError when there is none, or not with what commands need
 */
export async function withDatabase<Result>(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'port'>,
  work: OperatorWork<Result>,
): Promise<Result> {
  const { databaseUrl } = config;
  if (databaseUrl !== null)
    return onDatabase(
      databaseUrl,
      requireTables((dataSource) => work(dataSource, null, databaseUrl)),
    );
  const options = {
    dataDir: config.dataDir,
    binaries: await embeddedPostgresBinaries(),
    onEvent: () => undefined,
  };
  const lock = await lockUnlessRunning(config);
  if (lock === null) {
    const url = PostgresSupervisor.urlOfRunning(options);
    // Without an address the driver would take whatever PostgreSQL this machine has.
    if (url === null)
      throw new ConfigError(
        `The HomeServer on ${config.dataDir} is starting, or has another database than the one there: try again, or set DATABASE_URL as it is set for the server.`,
      );
    return onDatabase(url, (dataSource) => work(dataSource, true, url));
  }
  try {
    const postgres = await PostgresSupervisor.start(options);
    try {
      await migrate(postgres.url);
      return await onDatabase(postgres.url, (dataSource) => work(dataSource, false, postgres.url));
    } finally {
      await postgres.stop();
    }
  } finally {
    lock.release();
  }
}

/** The schema of an external database is brought to what a version needs by the server of that version alone. */
function requireTables<Result>(
  work: (dataSource: DataSource) => Promise<Result>,
): (dataSource: DataSource) => Promise<Result> {
  return async (dataSource) => {
    const rows: { isThere: boolean }[] = await dataSource.query(
      `select to_regclass('users') is not null as "isThere"`,
    );
    if (rows[0]?.isThere !== true)
      throw new ConfigError(
        'DATABASE_URL is a database on which this version of HomeServer was never started; start it first.',
      );
    return work(dataSource);
  };
}

/** null: a server works on this DATA_DIR. */
async function lockUnlessRunning({
  dataDir,
  port,
}: Pick<Config, 'dataDir' | 'port'>): Promise<DataDirLock | null> {
  try {
    return await DataDirLock.acquire(dataDir, `http://localhost:${port}`);
  } catch (error) {
    if (error instanceof DataDirInUseError) return null;
    throw error;
  }
}

async function onDatabase<Result>(
  url: string,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const options = dataSourceOptions(url, []);
  // Told from the server's, so that it shows whether one runs.
  const extra: unknown = { ...options.extra, application_name: 'homeserver operator' };
  const dataSource = await new DataSource({ ...options, extra }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
