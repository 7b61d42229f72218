import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { runNamed } from '../platform/database/named-statements';
import { DRIVE_ORDER } from './drives.repository';

/** Of the advisory locks, those of totals. */
const TOTALS_LOCK = 7_210_001;
const LOCK_WAIT_MS = 50;
const LOCK_ASKED_EVERY_MS = 5;

/** What a drive holds, its root not counted. */
export interface TotalsRow {
  readonly driveId: string;
  readonly name: string;
  readonly rootFolderId: string;
  /** Entries directly in the root. */
  readonly childCount: number;
  readonly fileCount: number;
  readonly folderCount: number;
  readonly totalBytes: number;
}

/** How what a folder holds has changed. */
export interface TotalsChange {
  readonly driveId: string;
  readonly folderId: string;
  /** Directly in it. */
  readonly childCount: number;
  /** In it and below. */
  readonly fileCount: number;
  readonly folderCount: number;
  readonly totalBytes: number;
}

interface RawTotalsRow extends Pick<TotalsRow, 'name' | 'driveId' | 'rootFolderId'> {
  readonly childCount: string;
  readonly fileCount: string;
  readonly folderCount: string;
  readonly totalBytes: string;
}

/** What a statement begins with that notes a change of what a folder holds: `TotalsChange`, in the order of its fields. */
export const INTO_TOTALS_CHANGES =
  'insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)';

const APPEND_CHANGE = {
  name: 'append-totals-change',
  text: `${INTO_TOTALS_CHANGES} values ($1, $2, $3, $4, $5, $6)`,
};

const APPEND_CHANGES = {
  name: 'append-totals-changes',
  text: `${INTO_TOTALS_CHANGES} select drive_id, folder_id, sum(child_count), sum(file_count), sum(folder_count), sum(total_bytes)
    from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
      as c (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
    group by drive_id, folder_id`,
};

/** What folders hold: kept in their rows, and in the changes that are not added up yet (docs/adr/0001). */
@Injectable()
export class FolderTotalsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** What each drive holds that somebody may see: what was added up, and the changes since. */
  async readVisible(userId: string): Promise<TotalsRow[]> {
    return this.readTotals(
      `where d.id in (select g.drive_id from drive_grants g where g.user_id = $1)`,
      [userId],
    );
  }

  /** What all drives hold, for whoever looks after them. */
  async readAll(): Promise<TotalsRow[]> {
    return this.readTotals('', []);
  }

  /** How many entries lie directly in a folder. */
  async countChildren(folderId: string): Promise<number> {
    const rows: { count: string | null }[] = await this.dataSource.query(
      `select f.child_count + coalesce(
         (select sum(c.child_count) from folder_totals_changes c where c.drive_id = f.drive_id and c.folder_id = f.id), 0
       ) as count from file_metadata f where f.id = $1`,
      [folderId],
    );
    return Number(rows[0]?.count ?? 0);
  }

  private async readTotals(condition: string, parameters: unknown[]): Promise<TotalsRow[]> {
    const rows: RawTotalsRow[] = await this.dataSource.query(
      `select d.id as "driveId", d.name, d.root_folder_id as "rootFolderId",
              coalesce(r.child_count, 0) + coalesce(c.child_count, 0) as "childCount",
              coalesce(r.file_count, 0) + coalesce(c.file_count, 0) as "fileCount",
              coalesce(r.folder_count, 0) + coalesce(c.folder_count, 0) as "folderCount",
              coalesce(r.size, 0) + coalesce(c.total_bytes, 0) as "totalBytes"
       from drives d
       left join file_metadata r on r.id = d.root_folder_id
       left join lateral (
         select sum(child_count) filter (where folder_id = d.root_folder_id) as child_count,
                sum(file_count) as file_count, sum(folder_count) as folder_count, sum(total_bytes) as total_bytes
         from folder_totals_changes where drive_id = d.id and folder_id not in (
           select t.id from file_metadata t where t.drive_id = d.id and t.state = 'trash')
       ) c on true
       ${condition} ${DRIVE_ORDER}`,
      parameters,
    );
    return rows.map((row) => ({
      driveId: row.driveId,
      name: row.name,
      rootFolderId: row.rootFolderId,
      childCount: Number(row.childCount),
      fileCount: Number(row.fileCount),
      folderCount: Number(row.folderCount),
      totalBytes: Number(row.totalBytes),
    }));
  }

  /** Notes a change, in the transaction that makes it. */
  async append(change: TotalsChange, manager: EntityManager): Promise<void> {
    await runNamed(manager, APPEND_CHANGE, [
      change.driveId,
      change.folderId,
      change.childCount,
      change.fileCount,
      change.folderCount,
      change.totalBytes,
    ]);
  }

  /** The same of many, by one statement: those of one folder as one. */
  async appendAll(changes: readonly TotalsChange[], manager: EntityManager): Promise<void> {
    if (changes.length === 0) return;
    await runNamed(manager, APPEND_CHANGES, [
      changes.map(({ driveId }) => driveId),
      changes.map(({ folderId }) => folderId),
      changes.map(({ childCount }) => childCount),
      changes.map(({ fileCount }) => fileCount),
      changes.map(({ folderCount }) => folderCount),
      changes.map(({ totalBytes }) => totalBytes),
    ]);
  }

  /**
   * Whoever moves or removes a folder, and whoever adds up totals, wait for one another: a change below a folder
   * counts for those folders above it that it has when it is added up.
   */
  async lock(driveId: string, manager: EntityManager): Promise<void> {
    await manager.query(`select pg_advisory_xact_lock($1, hashtext($2))`, [TOTALS_LOCK, driveId]);
  }

  /** The drives with changes that are not added up yet. */
  async findUnfoldedDrives(): Promise<string[]> {
    const rows: { driveId: string }[] = await this.dataSource.query(
      `select distinct drive_id as "driveId" from folder_totals_changes`,
    );
    return rows.map(({ driveId }) => driveId);
  }

  /** Adds up the noted changes of a drive, in the folder and all above it, so that reading the totals stays cheap. @returns false when somebody else changes totals for longer */
  async fold(driveId: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.tryLock(driveId, manager))) return false;
      await manager.query(
        `with recursive changes as (delete from folder_totals_changes where drive_id = $1 returning *),
       own as (
         select folder_id, sum(child_count) as child_count, sum(file_count) as file_count,
           sum(folder_count) as folder_count, sum(total_bytes) as total_bytes
         from changes group by folder_id
       ),
       up as (
         select folder_id as at, child_count, file_count, folder_count, total_bytes from own
         union all
         select f.parent_id, 0, u.file_count, u.folder_count, u.total_bytes
         from up u join file_metadata f on f.id = u.at where f.parent_id is not null
       ),
       sums as (
         select at, sum(child_count) as child_count, sum(file_count) as file_count, sum(folder_count) as folder_count,
           sum(total_bytes) as total_bytes
         from up group by at
       )
       update file_metadata f set size = f.size + s.total_bytes, child_count = f.child_count + s.child_count,
         file_count = f.file_count + s.file_count, folder_count = f.folder_count + s.folder_count
       from sums s where f.id = s.at and f.kind = 'folder'`,
        [driveId],
      );
      return true;
    });
  }

  /** Somebody may be waiting for a page, while the index holds the lock for as long as it writes some thousand rows. */
  private async tryLock(driveId: string, manager: EntityManager): Promise<boolean> {
    const givesUpAt = performance.now() + LOCK_WAIT_MS;
    for (;;) {
      const rows: { isOurs: boolean }[] = await manager.query(
        `select pg_try_advisory_xact_lock($1, hashtext($2)) as "isOurs"`,
        [TOTALS_LOCK, driveId],
      );
      if (rows[0]?.isOurs === true) return true;
      if (performance.now() > givesUpAt) return false;
      await delay(LOCK_ASKED_EVERY_MS);
    }
  }
}
