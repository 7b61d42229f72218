import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { UnfinishedEntry } from '../entries/entry';
import {
  IN_FOLDERS,
  pathsOf,
  type RawUnfinishedRow,
  toUnfinished,
  UNFINISHED,
  UNFINISHED_COLUMNS_OF_MANY,
} from '../entries/entry-rows';

/** An entry in the middle of a write, as it was found. */
export type AbandonedEntry = Pick<UnfinishedEntry, 'id' | 'kind' | 'state' | 'version'>;

/** What a crash may have left: writes in the middle, and names on drives that something may count on. */
@Injectable()
export class UnfinishedRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** An entry in the middle of a write; null when it is not, or no more. */
  async find(id: string): Promise<UnfinishedEntry | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  /** Of these entries those that are in the middle of a write, as they are by now. */
  async findAll(ids: readonly string[]): Promise<UnfinishedEntry[]> {
    const rows: RawUnfinishedRow[] = await this.dataSource.query(
      `with found as (select * from file_metadata where id = any ($1) and ${UNFINISHED}), ${pathsOf('found')}
       select ${UNFINISHED_COLUMNS_OF_MANY} from found ${IN_FOLDERS} order by id`,
      [ids],
    );
    return rows.map(toUnfinished);
  }

  /** Entries whose write nobody is busy with: those that `holder` left when it ended, and those whose lease ran out. */
  async findAbandoned(holder: string): Promise<AbandonedEntry[]> {
    return this.dataSource.query(
      `select id, kind, state, version from file_metadata
       where ${UNFINISHED} and (lease_holder = $1 or lease_until < now()) order by id`,
      [holder],
    );
  }

  /** Of these staged names, those that a write, or an upload in parts, still counts on. */
  async findStagedNames(stagedNames: readonly string[]): Promise<string[]> {
    const rows: { stagedName: string }[] = await this.dataSource.query(
      `select staged_name as "stagedName" from file_metadata where staged_name = any ($1)
       union
       select staged_name from uploads where staged_name = any ($1) and finished_at is null and gone_at is null`,
      [stagedNames],
    );
    return rows.map((row) => row.stagedName);
  }

  /** Of these names of discarded folders, those that neither an entry nor a job counts on. */
  async findForgottenDiscards(names: readonly string[]): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query(
      `select n.name from unnest($1::uuid[]) as n (name)
       where not exists (select 1 from file_metadata f where f.id = n.name)
         and not exists (select 1 from jobs j where j.kind = 'delete' and j.state in ('queued', 'running')
           and j.input ->> 'discardedName' = n.name::text)`,
      [names],
    );
    return rows.map(({ name }) => name);
  }
}
