import { DataSource } from 'typeorm';

import type { Config } from '../config/config';
import { DataDirInUseError, DataDirLock } from './data-dir-lock';
import { dataSourceOptions, migrate } from './data-source';
import { embeddedPostgresBinaries } from './embedded-postgres/postgres-binaries';
import { PostgresSupervisor } from './embedded-postgres/postgres-supervisor';

/**
 * Opens the database for a command of the operator: that of the server that is running, or, where none is,
 * one that is started for it and stopped after it.
 */
export async function withDatabase<Result>(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'port'>,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  if (config.databaseUrl !== null) return onDatabase(config.databaseUrl, work);
  const options = {
    dataDir: config.dataDir,
    binaries: await embeddedPostgresBinaries(),
    onEvent: () => undefined,
  };
  const lock = await lockUnlessRunning(config);
  if (lock === null) return onDatabase(PostgresSupervisor.urlOfRunning(options) ?? '', work);
  try {
    const postgres = await PostgresSupervisor.start(options);
    try {
      await migrate(postgres.url);
      return await onDatabase(postgres.url, work);
    } finally {
      await postgres.stop();
    }
  } finally {
    lock.release();
  }
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
  const dataSource = await new DataSource(dataSourceOptions(url, [])).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
