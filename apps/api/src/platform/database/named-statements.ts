import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';

/** A statement that PostgreSQL parses and plans once for each connection. */
export interface NamedStatement {
  /** One for each text: the driver refuses two texts under one name. At most 63 bytes. */
  readonly name: string;
  readonly text: string;
}

/**
 * Runs statements that stay prepared, past the query runner. For the few that stand before the first byte of each
 * small answer, and those of a commit: prepared they take half of the database's time. For all else there is
 * DataSource.query.
 */
@Injectable()
export class NamedStatements {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async read<Row extends pg.QueryResultRow>(
    { name, text }: NamedStatement,
    values: unknown[],
  ): Promise<Row[]> {
    const { rows } = await poolOf(this.dataSource).query<Row>({ name, text, values });
    return rows;
  }
}

/** The same within a transaction. @param manager that of the transaction */
export async function runNamed<Row extends pg.QueryResultRow>(
  manager: EntityManager,
  { name, text }: NamedStatement,
  values: unknown[],
): Promise<Row[]> {
  const client: unknown = await manager.queryRunner?.connect();
  if (!(client instanceof pg.Client)) throw new Error('Only a transaction has a connection.');
  const { rows } = await client.query<Row>({ name, text, values });
  return rows;
}

function poolOf({ driver }: DataSource): pg.Pool {
  const pool: unknown = Reflect.get(driver, 'master');
  if (pool instanceof pg.Pool) return pool;
  throw new Error('The database driver has no pool.');
}

/**
 * `= any` of a parameter, for a statement that is to be planned once: where PostgreSQL knows how many there are it plans
 * for so many, each time anew, and that takes three times as long as finding them.
 * @param list a parameter with its type, as `$1::uuid[]`
 */
export function anyOf(list: string): string {
  return `any ((select ${list})::${list.split('::')[1] ?? ''})`;
}
