import type { GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { isUniqueViolation } from '../../platform/database/database-errors';
import type { Entry, EntryState, UnfinishedEntry } from './entry';
import { foldName } from './folded-name';
import {
  ENTRY_COLUMNS,
  type RawEntryRow,
  type RawUnfinishedRow,
  toEntry,
  toUnfinished,
  UNFINISHED_COLUMNS,
  VISIBLE,
} from './entry-rows';
import { sortKeyOf } from './sort-key';

const UNIQUE_NAME = 'file_metadata_name';
/** A write that takes longer than this without a sign of life is taken up by recovery. */
const LEASE = `now() + interval '2 minutes'`;

/** An entry, and what the caller may do on its drive. */
export interface VisibleEntry {
  readonly entry: Entry;
  readonly access: GrantedAccess;
}

/** Where an entry is to be. */
export interface Destination {
  readonly parentId: string;
  readonly filename: string;
  readonly storagePath: string;
}

export type NewEntry = Omit<Entry, 'parentId' | 'version'> & {
  readonly parentId: string;
  /** null for a folder. */
  readonly stagedName: string | null;
};

/** A file whose bytes are staged. */
export type NewFile = NewEntry & { readonly stagedName: string };

/** Reads and writes entries, one at a time. Pages of them are the business of browsing. */
@Injectable()
export class EntriesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * An entry that exists for those outside, and what the user may do on its drive. null when there is none,
   * or when it is hidden from them: one statement for both, so that nothing tells which.
   */
  async findVisible(userId: string, id: string): Promise<VisibleEntry | null> {
    const rows: (RawEntryRow & Pick<VisibleEntry, 'access'>)[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS}, access from file_metadata join (
         select drive_id as granted_drive_id, access from drive_grants where user_id = $1
       ) g on granted_drive_id = drive_id where id = $2 and ${VISIBLE}`,
      [userId, id],
    );
    const row = rows[0];
    return row === undefined ? null : { entry: toEntry(row), access: row.access };
  }

  /** Where a folder lies that a write of ours goes to; null when it is gone. */
  async findFolderPath(id: string): Promise<string | null> {
    const rows: { storagePath: string }[] = await this.dataSource.query(
      `select entry_path(id) as "storagePath" from file_metadata where id = $1 and kind = 'folder' and ${VISIBLE}`,
      [id],
    );
    return rows[0]?.storagePath ?? null;
  }

  /** The state of an entry, whatever it is; null when there is no row. */
  async findState(id: string): Promise<{ state: EntryState; version: number } | null> {
    const rows: { state: EntryState; version: number }[] = await this.dataSource.query(
      `select state, version from file_metadata where id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Where the bytes of an entry may lie: while it, or a folder above it, is moved, under either name. */
  async findPlaces(id: string): Promise<string[]> {
    const rows: { path: string }[] = await this.dataSource.query(
      `with recursive up as (
         select p.at, p.path from file_metadata f cross join lateral (
           select f.parent_id as at, f.filename as path
           union all select f.source_parent_id, f.source_filename where f.state = 'moving'
         ) p where f.id = $1
         union all
         select n.at, n.filename || '/' || u.path from up u join file_metadata f on f.id = u.at
         cross join lateral (
           select f.parent_id as at, f.filename where f.parent_id is not null
           union all select f.source_parent_id, f.source_filename where f.state = 'moving'
         ) n
       ) select u.path from up u join file_metadata root on root.id = u.at where root.parent_id is null`,
      [id],
    );
    return rows.map(({ path }) => path);
  }

  /** An entry in the middle of a write; null when it is not, or no more. */
  async findUnfinished(id: string): Promise<UnfinishedEntry | null> {
    const rows: RawUnfinishedRow[] = await this.dataSource.query(
      `select ${UNFINISHED_COLUMNS} from file_metadata where id = $1 and state in ('committing', 'moving', 'deleting')`,
      [id],
    );
    return rows[0] === undefined ? null : toUnfinished(rows[0]);
  }

  /** The folders above an entry, the root first. */
  async findAncestors(id: string): Promise<{ id: string; filename: string }[]> {
    return this.dataSource.query(
      `with recursive above as (
         select parent_id, 0 as depth from file_metadata where id = $1
         union all
         select f.parent_id, a.depth + 1 from file_metadata f join above a on f.id = a.parent_id
       )
       select f.id, f.filename from above a join file_metadata f on f.id = a.parent_id order by a.depth desc`,
      [id],
    );
  }

  /** Adds the root of a drive, where there is none yet. */
  async insertRoot(root: { id: string; driveId: string; filename: string }): Promise<void> {
    await this.dataSource.query(
      `insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
         folder_count, upload_date, modified_at, state)
       values ($1, $2, 'folder', $3, $4, $5, 0, 0, 0, 0, now(), now(), 'live') on conflict do nothing`,
      [root.id, root.driveId, root.filename, sortKeyOf(root.filename), foldName(root.filename)],
    );
  }

  /** Names in a folder that begin so, whatever their state. */
  async findNamesBeginning(parentId: string, beginning: string): Promise<string[]> {
    const rows: { filename: string }[] = await this.dataSource.query(
      `select filename from file_metadata where parent_id = $1 and starts_with(filename, $2)`,
      [parentId, beginning],
    );
    return rows.map((row) => row.filename);
  }

  /**
   * The first step of a commit: the intent, and the name. The folder is locked, so that it is not deleted meanwhile.
   * @returns 'taken' when the name is, 'orphaned' when the folder is gone
   */
  async insertCommitting(
    entry: NewEntry,
    leaseHolder: string,
  ): Promise<'begun' | 'taken' | 'orphaned'> {
    let isBegun = false;
    const isFree = await this.takesName(async () => {
      const rows: unknown[] = await this.dataSource.query(
        `insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size,
           sha256, upload_date, modified_at, tags, inode, child_count, file_count, folder_count, state, staged_name,
           lease_holder, lease_until)
         select $1, $2, parent.id, $4, $5, $6, $7, $8, $9, decode($10, 'hex'), $11, $12, $13, $14,
           $15::bigint, $15, $15, 'committing', $16, $17, ${LEASE}
         from file_metadata parent where parent.id = $3 and parent.kind = 'folder' and parent.${VISIBLE}
         for share returning id`,
        [
          entry.id,
          entry.driveId,
          entry.parentId,
          entry.kind,
          entry.filename,
          sortKeyOf(entry.filename),
          foldName(entry.filename),
          entry.contentType,
          entry.size,
          entry.sha256,
          entry.uploadDate,
          entry.modifiedAt,
          entry.tags,
          entry.inode?.toString() ?? null,
          entry.kind === 'folder' ? 0 : null,
          entry.stagedName,
          leaseHolder,
        ],
      );
      isBegun = rows.length > 0;
    });
    if (!isFree) return 'taken';
    return isBegun ? 'begun' : 'orphaned';
  }

  /** The last step of an upload's commit. @returns the entry; null when the row is gone */
  async finishCommit(id: string, manager: EntityManager): Promise<Entry | null> {
    return this.updateOne(
      `update file_metadata set state = 'live', staged_name = null, lease_holder = null, lease_until = null
       where id = $1 and state = 'committing' returning ${ENTRY_COLUMNS}`,
      [id],
      manager,
    );
  }

  /** Undoes the first step of a commit whose name was taken on the drive, or whose bytes are gone. */
  async deleteCommitting(id: string): Promise<void> {
    await this.dataSource.query(
      `delete from file_metadata where id = $1 and state = 'committing'`,
      [id],
    );
  }

  /**
   * The first step of a move: the intent, and the new name.
   * @returns 'changed' when the entry is no longer what `version` says, 'taken' when the name is
   */
  async beginMove(
    entry: Entry,
    to: Destination,
    leaseHolder: string,
  ): Promise<'begun' | 'changed' | 'taken'> {
    let isBegun = false;
    const isFree = await this.takesName(async () => {
      const moved = await this.updateOne(
        `update file_metadata set state = 'moving', source_filename = filename, source_parent_id = parent_id,
           parent_id = $3, filename = $4, sort_key = $5, folded_name = $6, lease_holder = $7, lease_until = ${LEASE}
         where id = $1 and version = $2 and state = 'live' returning ${ENTRY_COLUMNS}`,
        [
          entry.id,
          entry.version,
          to.parentId,
          to.filename,
          sortKeyOf(to.filename),
          foldName(to.filename),
          leaseHolder,
        ],
        this.dataSource.manager,
      );
      isBegun = moved !== null;
    });
    if (!isFree) return 'taken';
    return isBegun ? 'begun' : 'changed';
  }

  /** The last step of a move. @param tags replace the tags, where they are given */
  async finishMove(
    id: string,
    tags: string[] | null,
    manager: EntityManager,
  ): Promise<Entry | null> {
    return this.updateOne(
      `update file_metadata set state = 'live', source_filename = null, source_parent_id = null, lease_holder = null,
         lease_until = null, version = version + 1, tags = coalesce($2::text[], tags)
       where id = $1 and state = 'moving' returning ${ENTRY_COLUMNS}`,
      [id, tags],
      manager,
    );
  }

  /** Undoes the first step of a move that the drive refused. */
  async undoMove(id: string, from: Omit<Destination, 'storagePath'>): Promise<void> {
    await this.dataSource.query(
      `update file_metadata set state = 'live', parent_id = $2, filename = $3, sort_key = $4, folded_name = $5,
         source_filename = null, source_parent_id = null, lease_holder = null, lease_until = null
       where id = $1 and state = 'moving'`,
      [id, from.parentId, from.filename, sortKeyOf(from.filename), foldName(from.filename)],
    );
  }

  /** Replaces the tags. @returns null when the entry is no longer what `version` says */
  async updateTags(entry: Entry, tags: string[], manager: EntityManager): Promise<Entry | null> {
    return this.updateOne(
      `update file_metadata set tags = $3, version = version + 1
       where id = $1 and version = $2 and state = 'live' returning ${ENTRY_COLUMNS}`,
      [entry.id, entry.version, tags],
      manager,
    );
  }

  /** The first step of a deletion. @returns false when the entry is no longer what `version` says */
  async beginDelete(entry: Entry, leaseHolder: string): Promise<boolean> {
    const begun = await this.updateOne(
      `update file_metadata set state = 'deleting', lease_holder = $3, lease_until = ${LEASE}
       where id = $1 and version = $2 and state = 'live' returning ${ENTRY_COLUMNS}`,
      [entry.id, entry.version, leaseHolder],
      this.dataSource.manager,
    );
    return begun !== null;
  }

  /** Undoes the first step of a deletion that the drive refused. */
  async undoDelete(id: string): Promise<void> {
    await this.dataSource.query(
      `update file_metadata set state = 'live', lease_holder = null, lease_until = null where id = $1 and state = 'deleting'`,
      [id],
    );
  }

  /** The last step of a deletion. @returns false when the row is gone already */
  async finishDelete(id: string, manager: EntityManager): Promise<boolean> {
    const deleted = await this.updateOne(
      `delete from file_metadata where id = $1 and state = 'deleting' returning ${ENTRY_COLUMNS}`,
      [id],
      manager,
    );
    return deleted !== null;
  }

  /** Entries whose write nobody is busy with: those that `holder` left when it ended, and those whose lease ran out. */
  async findAbandoned(holder: string): Promise<UnfinishedEntry[]> {
    const rows: RawUnfinishedRow[] = await this.dataSource.query(
      `select ${UNFINISHED_COLUMNS} from file_metadata
       where state in ('committing', 'moving', 'deleting') and (lease_holder = $1 or lease_until < now()) order by id`,
      [holder],
    );
    return rows.map(toUnfinished);
  }

  /** Of these staged names, those that a write still counts on. */
  async findStagedNames(stagedNames: readonly string[]): Promise<string[]> {
    const rows: { stagedName: string }[] = await this.dataSource.query(
      `select staged_name as "stagedName" from file_metadata where staged_name = any ($1)`,
      [stagedNames],
    );
    return rows.map((row) => row.stagedName);
  }

  private async updateOne(
    statement: string,
    parameters: unknown[],
    manager: EntityManager,
  ): Promise<Entry | null> {
    const [rows]: [RawEntryRow[], number] = await manager.query(statement, parameters);
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }

  private async takesName(statement: () => Promise<unknown>): Promise<boolean> {
    try {
      await statement();
      return true;
    } catch (error) {
      if (isUniqueViolation(error, UNIQUE_NAME)) return false;
      throw error;
    }
  }
}
