import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** Entries, of whatever drive, that are looked at at once. */
const PART = 20_000;

/** What is left of the entries of a drive that was forgotten: nobody can see or reach them any more. */
@Injectable()
export class ForgottenEntriesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Those of a drive among the next entries, by id: there is no index of all entries by drive, and this reads each
   * once.
   * @returns null when there are no more entries
   */
  async findPart(
    driveId: string,
    afterId: string,
  ): Promise<{ ids: string[]; lastId: string } | null> {
    const rows: { ids: string[] | null; lastId: string | null }[] = await this.dataSource.query(
      `select array_agg(id) filter (where drive_id = $1) as ids, (array_agg(id order by id desc))[1] as "lastId"
       from (select id, drive_id from file_metadata where id > $2 order by id limit ${PART}) part`,
      [driveId, afterId],
    );
    const [part] = rows;
    if (part === undefined || part.lastId === null) return null;
    return { ids: part.ids ?? [], lastId: part.lastId };
  }

  async remove(ids: readonly string[], manager: EntityManager): Promise<void> {
    await manager.query(`delete from file_metadata where id = any ($1)`, [ids]);
  }

  /** What a scan that was not stopped yet has added meanwhile, and what was noted of totals and not added up. */
  async removeRest(driveId: string): Promise<void> {
    await this.dataSource.query(`delete from file_metadata where drive_id = $1`, [driveId]);
    await this.dataSource.query(`delete from folder_totals_changes where drive_id = $1`, [driveId]);
  }
}
