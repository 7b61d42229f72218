import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

import type { DatabaseSockets } from './database-sockets';
import { MIGRATIONS } from './migrations';

/** Uploads hold a connection only for moments; eight at a time and the readers beside them fit. */
const POOL_SIZE = 20;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** What a key of our own choosing locks: only that no two processes migrate one database at once. */
const MIGRATION_LOCK = 4_870_351;

type Entities = NonNullable<DataSourceOptions['entities']>;

/** @param sockets where the connections are to be found */
export function dataSourceOptions(
  url: string,
  entities: Entities,
  sockets?: DatabaseSockets,
): DataSourceOptions {
  return {
    type: 'postgres',
    // Ours, or TypeORM looks for one of its own at run time, whose classes are not those of our bundle.
    driver: pg,
    url,
    entities,
    migrations: MIGRATIONS,
    synchronize: false,
    migrationsRun: false,
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 5000,
      application_name: 'homeserver',
      ...(sockets === undefined ? {} : { stream: sockets.make }),
    },
  };
}

/** Brings the schema to what this version needs. Several processes may call it at once. */
export async function migrate(url: string): Promise<void> {
  // A large index takes its time, and so does another process that migrates first.
  const options = { ...dataSourceOptions(url, []), extra: { application_name: 'homeserver' } };
  const dataSource = await new DataSource(options).initialize();
  try {
    const lock = dataSource.createQueryRunner();
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
