import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { startTestApp } from '../../../../test/test-app';
import { createEmptyDatabase, type TestDatabase } from '../../../../test/test-database';
import { dataSourceOptions, migrate } from '../data-source';
import { MIGRATIONS } from '.';

/** Everything that a migration can make, in words that are equal when it is equal; TypeORM's own list aside. */
const CATALOGUE = `
  with ours as (
    select c.oid, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_index i on i.indexrelid = c.oid
    where n.nspname = 'public' and coalesce(i.indrelid, c.oid)::regclass::text not like 'migrations%'
  )
  select 'relation' as kind, relname as name, relkind::text as definition from ours
  union all
  select 'column', relname || '.' || attname,
         concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid), collname)
  from ours join pg_attribute a on a.attrelid = ours.oid and attnum > 0 and not attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_collation co on co.oid = a.attcollation
  where relkind in ('r', 'p', 'v', 'm')
  union all
  select 'constraint', relname || '.' || conname, pg_get_constraintdef(k.oid)
  from ours join pg_constraint k on k.conrelid = ours.oid
  union all
  select 'index', relname, pg_get_indexdef(oid) from ours where relkind in ('i', 'I')
  union all
  select 'function', p.oid::regprocedure::text, md5(prosrc)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'
  union all
  select 'trigger', relname || '.' || tgname, pg_get_triggerdef(t.oid)
  from ours join pg_trigger t on t.tgrelid = ours.oid where not tgisinternal
  union all
  select 'type', typname, typtype::text
  from pg_type y join pg_namespace n on n.oid = y.typnamespace where n.nspname = 'public' and typtype in ('e', 'd')
  union all
  select 'extension', extname, extversion from pg_extension
  order by 1, 2, 3`;

interface CatalogueRow {
  readonly kind: string;
  readonly name: string;
  readonly definition: string;
}

describe('the migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, [])).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const readCatalogue = (): Promise<CatalogueRow[]> => dataSource.query(CATALOGUE);

  it('should leave what was there before when they are undone, and give the same when they are done again', async () => {
    const before = await readCatalogue();
    await dataSource.runMigrations({ transaction: 'each' });
    const after = await readCatalogue();
    for (let undone = 0; undone < MIGRATIONS.length; undone += 1)
      await dataSource.undoLastMigration();
    const undone = await readCatalogue();
    await dataSource.runMigrations({ transaction: 'each' });

    expect(after.length).toBeGreaterThan(before.length + 50);
    expect(undone).toEqual(before);
    expect(await readCatalogue()).toEqual(after);
  });

  it('should be done once when several processes migrate one database at the same time', async () => {
    await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);

    const done: { name: string }[] = await dataSource.query(
      'select name from migrations order by id',
    );
    expect(done.map(({ name }) => name)).toEqual(MIGRATIONS.map(({ name }) => name));
  });

  it('should do nothing when the schema is there already', async () => {
    await migrate(database.url);
    const before = await readCatalogue();
    await migrate(database.url);

    expect(await readCatalogue()).toEqual(before);
  });

  it('should fold the names that were there before when they learn to search by them', async () => {
    const old = await new DataSource({
      ...dataSourceOptions(database.url, []),
      migrations: MIGRATIONS.slice(0, 1),
    }).initialize();
    await old.runMigrations({ transaction: 'each' });
    await old.query(`insert into drives (id, name, kind, root_folder_id, is_default, created_at)
      values (md5('drive')::uuid, 'Files', 'posix', md5('root')::uuid, true, now())`);
    // More than are taken at once.
    await old.query(`insert into file_metadata
        (id, drive_id, kind, filename, sort_key, size, storage_path, upload_date, modified_at, state, parent_id, content_type)
      select md5('root')::uuid, md5('drive')::uuid, 'folder', 'Files', '', 0, '', now(), now(), 'live', null, null`);
    await old.query(`insert into file_metadata
        (id, drive_id, kind, filename, sort_key, size, storage_path, upload_date, modified_at, state, parent_id, content_type)
      select md5(n::text)::uuid, md5('drive')::uuid, 'file', 'É' || n, '', 0, '', now(), now(), 'live', md5('root')::uuid, 'text/plain'
      from generate_series(1, 2500) n`);
    await old.destroy();
    await migrate(database.url);

    const [row]: { count: string }[] = await dataSource.query(
      `select count(*) as count from file_metadata where folded_name = 'e' || substr(filename, 2)`,
    );
    expect(row?.count).toBe('2500');
  });

  it('should leave no half of a migration when one of its statements fails', async () => {
    const before = await readCatalogue();
    // The last statement of the first migration meets a table that is in its way.
    await dataSource.query('create table events (id int)');

    await expect(migrate(database.url)).rejects.toThrow(/events/);
    await dataSource.query('drop table events');
    expect(await readCatalogue()).toEqual(before);
  });
});

describe('the entities', () => {
  it('should be what the migrations have made', async () => {
    const server = await startTestApp();
    try {
      const { driver, entityMetadatas } = server.app.get(DataSource);
      const rows: { column: string; type: string; isNullable: boolean }[] = await server.app.get(
        DataSource,
      ).query(`
        select c.relname || '.' || a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
               not a.attnotnull as "isNullable"
        from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
        where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`);
      const inDatabase = new Map(rows.map(({ column, ...rest }) => [column, rest]));
      const typeOf = (column: ColumnMetadata) =>
        `${typeWithSize(driver.normalizeType(column), column)}${column.isArray ? '[]' : ''}`;
      const declared = entityMetadatas.flatMap(({ tableName, columns }) =>
        columns.map((column) => ({
          column: `${tableName}.${column.databaseName}`,
          type: typeOf(column),
          isNullable: column.isNullable,
        })),
      );

      expect(declared.length).toBeGreaterThan(30);
      expect(declared).toEqual(
        declared.map(({ column }) => ({ column, ...inDatabase.get(column) })),
      );
    } finally {
      await server.close();
    }
  });
});

/** As PostgreSQL writes it: timestamp(3) with time zone, numeric(20,0). */
function typeWithSize(type: string, { precision, scale }: ColumnMetadata): string {
  if (precision === null || precision === undefined) return type;
  if (type.startsWith('timestamp')) return type.replace('timestamp', `timestamp(${precision})`);
  return `${type}(${precision},${scale ?? 0})`;
}
