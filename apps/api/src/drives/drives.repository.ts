import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { DriveEntity } from './drive.entity';

/** A drive, and what it holds: plain rows. */
export interface DriveRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'posix' | 's3';
  readonly rootFolderId: string;
  readonly isDefault: boolean;
  readonly readOnly: boolean;
}

export interface TotalsRow {
  readonly driveId: string;
  readonly name: string;
  /** Entries directly in the root. */
  readonly childCount: number;
  readonly fileCount: number;
  readonly totalBytes: number;
}

/** How what a folder holds has changed. */
export interface TotalsChange {
  readonly folderId: string;
  readonly childCount: number;
  readonly fileCount: number;
  readonly totalBytes: number;
}

@Injectable()
export class DrivesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** All drives, the default one first, then by name. */
  async list(): Promise<DriveRow[]> {
    return this.dataSource
      .getRepository(DriveEntity)
      .find({ order: { isDefault: 'DESC', name: 'ASC' } });
  }

  /** Adds the default drive; where there is one already, nothing happens. */
  async insertDefault(drive: { id: string; name: string; rootFolderId: string }): Promise<void> {
    await this.dataSource.query(
      `insert into drives (id, name, kind, root_folder_id, is_default, created_at)
       values ($1, $2, 'posix', $3, true, now()) on conflict do nothing`,
      [drive.id, drive.name, drive.rootFolderId],
    );
  }

  /** What each drive holds: what was added up, and the changes since. */
  async readTotals(): Promise<TotalsRow[]> {
    const rows: {
      driveId: string;
      name: string;
      childCount: string;
      fileCount: string;
      totalBytes: string;
    }[] = await this.dataSource.query(`
        select d.id as "driveId", d.name,
               coalesce(t.child_count, 0) + coalesce(c.child_count, 0) as "childCount",
               coalesce(t.file_count, 0) + coalesce(c.file_count, 0) as "fileCount",
               coalesce(t.total_bytes, 0) + coalesce(c.total_bytes, 0) as "totalBytes"
        from drives d
        left join folder_totals t on t.folder_id = d.root_folder_id
        left join (
          select folder_id, sum(child_count) as child_count, sum(file_count) as file_count, sum(total_bytes) as total_bytes
          from folder_totals_changes group by folder_id
        ) c on c.folder_id = d.root_folder_id
        order by d.is_default desc, d.name`);
    return rows.map((row) => ({
      driveId: row.driveId,
      name: row.name,
      childCount: Number(row.childCount),
      fileCount: Number(row.fileCount),
      totalBytes: Number(row.totalBytes),
    }));
  }

  /** Notes a change, in the transaction that makes it. */
  async appendTotalsChange(change: TotalsChange, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into folder_totals_changes (folder_id, child_count, file_count, total_bytes) values ($1, $2, $3, $4)`,
      [change.folderId, change.childCount, change.fileCount, change.totalBytes],
    );
  }

  /** Adds up the noted changes, so that reading the totals stays cheap. */
  async foldTotalsChanges(): Promise<void> {
    await this.dataSource.query(`
      with changes as (delete from folder_totals_changes returning *),
      sums as (
        select folder_id, sum(child_count) as child_count, sum(file_count) as file_count, sum(total_bytes) as total_bytes
        from changes group by folder_id
      )
      insert into folder_totals (folder_id, drive_id, child_count, file_count, total_bytes)
      select s.folder_id, f.drive_id, s.child_count, s.file_count, s.total_bytes
      from sums s join file_metadata f on f.id = s.folder_id
      on conflict (folder_id) do update set
        child_count = folder_totals.child_count + excluded.child_count,
        file_count = folder_totals.file_count + excluded.file_count,
        total_bytes = folder_totals.total_bytes + excluded.total_bytes`);
  }
}
