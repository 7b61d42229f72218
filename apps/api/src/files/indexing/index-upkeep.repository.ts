import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Rows that are removed in one statement. */
const ROWS_AT_ONCE = 5000;
const MISSING_KEPT = `interval '30 days'`;

/** What of the index is no longer needed, and what has been decided about it. */
@Injectable()
export class IndexUpkeepRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** How much of what is in a folder is indexed. */
  async readListing(folderId: string): Promise<'all' | 'some' | 'none'> {
    const rows: { listing: 'all' | 'some' | 'none' }[] = await this.dataSource.query(
      `select case when f.listed_ns is not null then 'all'
           when exists (select 1 from file_metadata c where c.parent_id = f.id and c.state <> 'missing') then 'some'
           else 'none' end as listing
       from file_metadata f where f.id = $1`,
      [folderId],
    );
    return rows[0]?.listing ?? 'all';
  }

  async readToleratedCount(driveId: string): Promise<number> {
    const rows: { count: number }[] = await this.dataSource.query(
      `select tolerated_count::float8 as count from drives where id = $1`,
      [driveId],
    );
    return rows[0]?.count ?? 0;
  }

  async setToleratedCount(driveId: string, count: number): Promise<void> {
    await this.dataSource.query(`update drives set tolerated_count = $2 where id = $1`, [
      driveId,
      count,
    ]);
  }

  async clearToleratedCount(driveId: string): Promise<void> {
    await this.dataSource.query(
      `update drives set tolerated_count = 0 where id = $1 and tolerated_count <> 0`,
      [driveId],
    );
  }

  /** Removes some of what has been missing for long. @returns how many */
  async removeLongMissing(): Promise<number> {
    return this.remove(`state = 'missing' and missing_since < now() - ${MISSING_KEPT}`, []);
  }

  private async remove(condition: string, parameters: unknown[]): Promise<number> {
    const [, count]: [unknown[], number] = await this.dataSource.query(
      `delete from file_metadata where id in (
         select id from file_metadata where ${condition} limit ${ROWS_AT_ONCE})`,
      parameters,
    );
    return count;
  }
}
