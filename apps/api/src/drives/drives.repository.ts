import type { GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** A drive, and what it holds: plain rows. */
export interface DriveRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'posix' | 's3';
  readonly rootFolderId: string;
  readonly isDefault: boolean;
  readonly readOnly: boolean;
  /** Whose personal drive it is; null: it is shared. */
  readonly ownerId: string | null;
  /** Below DATA_DIR; null for a drive that lies elsewhere. */
  readonly folder: string | null;
}

/** A drive, and what the caller may do there. */
export interface VisibleDriveRow extends DriveRow {
  readonly access: GrantedAccess;
}

const COLUMNS = `d.id, d.name, d.kind, d.root_folder_id as "rootFolderId", d.is_default as "isDefault",
  d.read_only as "readOnly", d.owner_id as "ownerId", d.folder`;
const ORDER = `order by d.is_default desc, d.name, d.id`;

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

  /** All drives, the default one first, then by name: for those who look after them, not for callers. */
  async listAll(): Promise<DriveRow[]> {
    return this.dataSource.query(`select ${COLUMNS} from drives d ${ORDER}`);
  }

  /** The drives that somebody may see, the default one first, then by name. */
  async listVisible(userId: string): Promise<VisibleDriveRow[]> {
    return this.dataSource.query(
      `select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
       where g.user_id = $1 ${ORDER}`,
      [userId],
    );
  }

  /** A drive, if somebody may see it; null when it is absent, or hidden from them. */
  async findVisible(userId: string, id: string): Promise<VisibleDriveRow | null> {
    const rows: VisibleDriveRow[] = await this.dataSource.query(
      `select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
       where g.user_id = $1 and d.id = $2`,
      [userId, id],
    );
    return rows[0] ?? null;
  }

  /** Where somebody writes who names no drive: the default one where they may, else their own; null for neither. */
  async findWritable(userId: string): Promise<VisibleDriveRow | null> {
    const rows: VisibleDriveRow[] = await this.dataSource.query(
      `select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
       where g.user_id = $1 and g.access = 'write' and (d.is_default or d.owner_id = $1)
       order by d.is_default desc limit 1`,
      [userId],
    );
    return rows[0] ?? null;
  }

  /** Adds the default drive; where there is one already, nothing happens. */
  async insertDefault(drive: {
    id: string;
    name: string;
    rootFolderId: string;
    folder: string;
  }): Promise<void> {
    await this.dataSource.query(
      `insert into drives (id, name, kind, root_folder_id, is_default, folder, created_at)
       values ($1, $2, 'posix', $3, true, $4, now()) on conflict do nothing`,
      [drive.id, drive.name, drive.rootFolderId, drive.folder],
    );
  }

  /** What each drive holds that somebody may see: what was added up, and the changes since. */
  async readVisibleTotals(userId: string): Promise<TotalsRow[]> {
    return this.readTotals(
      `where d.id in (select g.drive_id from drive_grants g where g.user_id = $1)`,
      [userId],
    );
  }

  /** What all drives hold, for whoever looks after them. */
  async readAllTotals(): Promise<TotalsRow[]> {
    return this.readTotals('', []);
  }

  /** What one drive holds. */
  async readTotalsOf(driveId: string): Promise<TotalsRow | null> {
    const rows = await this.readTotals(`where d.id = $1`, [driveId]);
    return rows[0] ?? null;
  }

  private async readTotals(condition: string, parameters: unknown[]): Promise<TotalsRow[]> {
    const rows: {
      driveId: string;
      name: string;
      childCount: string;
      fileCount: string;
      totalBytes: string;
    }[] = await this.dataSource.query(
      `select d.id as "driveId", d.name,
              coalesce(t.child_count, 0) + coalesce(c.child_count, 0) as "childCount",
              coalesce(t.file_count, 0) + coalesce(c.file_count, 0) as "fileCount",
              coalesce(t.total_bytes, 0) + coalesce(c.total_bytes, 0) as "totalBytes"
       from drives d
       left join folder_totals t on t.folder_id = d.root_folder_id
       left join (
         select folder_id, sum(child_count) as child_count, sum(file_count) as file_count, sum(total_bytes) as total_bytes
         from folder_totals_changes group by folder_id
       ) c on c.folder_id = d.root_folder_id
       ${condition} ${ORDER}`,
      parameters,
    );
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
