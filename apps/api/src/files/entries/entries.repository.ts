import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import type { StoredFile } from '../../drives';
import { isUniqueViolation } from '../../platform/database/database-errors';
import { runNamed } from '../../platform/database/named-statements';
import { FileNotFoundError, FolderBusyError, NameTakenError } from '../files.errors';
import { CommitIntents } from './commit-intents.repository';
import type { Entry, EntryState } from './entry';
import { foldName } from './folded-name';
import {
  AT_REST,
  atRestIn,
  COMMITTED,
  ENTRY_COLUMNS,
  FINISH_UPLOAD,
  LEASE,
  MOVED,
  type RawEntryRow,
  toEntry,
  VISIBLE,
} from './entry-rows';
import type { NewEntry } from './new-entry';
import { sortKeyOf } from './sort-key';
import { joinPath } from './storage-path';

const UNIQUE_NAME = 'file_metadata_name';

/** Where an entry is to be. */
export interface Destination {
  readonly parentId: string;
  readonly filename: string;
}

/** A move whose intent is written: the entry at its new place, and where its bytes lie until then. */
export interface BegunMove {
  readonly entry: Entry;
  readonly fromPath: string;
  readonly toPath: string;
}

/** A move that is over: the entry at its new place, and whether that is the trash, or the former one was. */
export interface FinishedMove {
  readonly entry: Entry;
  readonly isTrashed: boolean;
  readonly isRestored: boolean;
}

/** A deletion that is over: the entry as it was, and whether it lives on elsewhere. */
export interface FinishedDelete {
  readonly entry: Entry;
  readonly isMoved: boolean;
}

const FINISH_COMMIT = {
  name: 'finish-commit',
  text: `with upload as (${FINISH_UPLOAD}) update file_metadata set ${COMMITTED},
         inode = coalesce($2::numeric, inode), birth_ns = coalesce($3::numeric, birth_ns),
         modified_at = coalesce($4::timestamptz, modified_at)
       where id = $1 and state = 'committing' returning ${ENTRY_COLUMNS}`,
};

const FINISH_MOVE = {
  name: 'finish-move',
  text: `update file_metadata set ${MOVED}, tags = coalesce($2::text[], tags)
    where id = $1 and state = 'moving'
    returning ${ENTRY_COLUMNS}, state = 'trashed' as "isTrashed", is_trash($3) as "isRestored"`,
};

const FINISH_DELETE = {
  name: 'finish-delete',
  text: `delete from file_metadata where id = $1 and state = 'deleting'
    returning ${ENTRY_COLUMNS}, moves_id is not null as "isMoved"`,
};

type RawFinishedMove = RawEntryRow & Omit<FinishedMove, 'entry'>;
type RawDeleted = RawEntryRow & Omit<FinishedDelete, 'entry'>;

/** Reads and writes entries, one at a time. Pages of them are the business of browsing. */
@Injectable()
export class EntriesRepository {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly intents: CommitIntents,
  ) {}

  /**
   * Why nothing can be written into a folder of a drive: it is gone, or is going; or, for a moment, it or one above
   * it is being moved.
   */
  async reasonNotToHold(id: string, driveId: string): Promise<FileNotFoundError | FolderBusyError> {
    const rows: unknown[] = await this.dataSource.query(
      `with recursive up as (
         select parent_id, kind, state, drive_id, trash_id from file_metadata where id = $1
         union all
         select f.parent_id, f.kind, f.state, f.drive_id, f.trash_id from up u join file_metadata f on f.id = u.parent_id
       ) select 1 from up having bool_and(kind = 'folder' and drive_id = $2 and (${VISIBLE} or state = 'trash')) and bool_or(parent_id is null)`,
      [id, driveId],
    );
    return rows.length > 0 ? new FolderBusyError() : new FileNotFoundError();
  }

  /** The state of an entry, whatever it is; null when there is no row. */
  async findState(
    id: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<(Pick<Entry, 'version' | 'parentId'> & { state: EntryState }) | null> {
    const rows: (Pick<Entry, 'version' | 'parentId'> & { state: EntryState })[] =
      await manager.query(
        `select state, version, parent_id as "parentId" from file_metadata where id = $1`,
        [id],
      );
    return rows[0] ?? null;
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
   * @returns where its bytes are to lie
   * @throws NameTakenError, FolderBusyError; FileNotFoundError when the folder is gone
   */
  async insertCommitting(entry: NewEntry, driveId: string, leaseHolder: string): Promise<string> {
    const folderPath = await this.intents.insert({ entry, driveId, leaseHolder });
    if (folderPath === null) throw await this.reasonNotToHold(entry.parentId, driveId);
    return joinPath(folderPath, entry.filename);
  }

  /**
   * The last step of a commit. Whoever takes it: where the bytes came by an upload in parts, that is finished with it.
   * @param made what was made on the drive, where that was not known before
   * @returns the entry; null when the row is gone
   */
  async finishCommit(
    id: string,
    made: StoredFile | null,
    manager: EntityManager,
  ): Promise<Entry | null> {
    const rows = await runNamed<RawEntryRow>(manager, FINISH_COMMIT, [
      id,
      made?.inode?.toString() ?? null,
      made?.birthNs?.toString() ?? null,
      made?.modifiedAt ?? null,
    ]);
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }

  /** Undoes the first step of a commit whose name was taken on the drive, or whose bytes are gone. */
  async deleteCommitting(id: string): Promise<void> {
    await this.dataSource.query(
      `delete from file_metadata where id = $1 and state = 'committing'`,
      [id],
    );
  }

  /**
   * The first step of a move: the intent, and the new name. Neither folder is moved or deleted meanwhile.
   * @returns null when the entry is no longer what `version` says, or one of the folders is not at rest
   * @throws NameTakenError
   */
  async beginMove(
    entry: Entry,
    to: Destination,
    leaseHolder: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<BegunMove | null> {
    const [rows]: [(RawEntryRow & { fromFolder: string; toFolder: string })[], number] =
      await this.takingName(to.filename, () =>
        manager.query(
          `update file_metadata set state = 'moving', source_filename = filename, source_parent_id = parent_id,
             parent_id = $3, filename = $4, sort_key = $5, folded_name = $6, lease_holder = $7, lease_until = ${LEASE},
             trash_id = case when is_trash($3) then id else trash_id end,
             trashed_at = case when is_trash($3) then now() else trashed_at end,
             trashed_from = case when is_trash($3) then jsonb_build_object('parentId', parent_id, 'filename', filename,
               'folderPath', entry_path(parent_id)) else trashed_from end
           where id = $1 and version = $2 and state in ('live', 'trashed')
             and hold_folder(parent_id, drive_id) is not null and hold_folder($3, drive_id) is not null
           returning ${ENTRY_COLUMNS}, hold_folder(source_parent_id, drive_id) as "fromFolder",
             hold_folder(parent_id, drive_id) as "toFolder"`,
          [
            entry.id,
            entry.version,
            to.parentId,
            to.filename,
            sortKeyOf(to.filename),
            foldName(to.filename),
            leaseHolder,
          ],
        ),
      );
    if (rows[0] === undefined) return null;
    const { fromFolder, toFolder, ...row } = rows[0];
    return {
      entry: toEntry(row),
      fromPath: joinPath(fromFolder, entry.filename),
      toPath: joinPath(toFolder, to.filename),
    };
  }

  /**
   * The last step of a move, also of one to the trash or out of it.
   * @param change where it came from; tags replace the tags, where they are given
   * @returns null when the row is in no move any more
   */
  async finishMove(
    id: string,
    { fromId, tags }: { fromId: string; tags: string[] | null },
    manager: EntityManager,
  ): Promise<FinishedMove | null> {
    const values = [id, tags, fromId];
    const rows = await runNamed<RawFinishedMove>(manager, FINISH_MOVE, values);
    if (rows[0] === undefined) return null;
    const { isTrashed, isRestored, ...row } = rows[0];
    return { entry: toEntry(row), isTrashed, isRestored };
  }

  /** Undoes the first step of a move that the drive refused. @returns null when the row is in no move any more */
  async undoMove(
    id: string,
    from: Destination,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Entry | null> {
    return this.updateOne(
      `update file_metadata set ${atRestIn('$2')}, parent_id = $2, filename = $3, sort_key = $4, folded_name = $5,
         source_filename = null, source_parent_id = null, lease_holder = null, lease_until = null
       where id = $1 and state = 'moving' returning ${ENTRY_COLUMNS}`,
      [id, from.parentId, from.filename, sortKeyOf(from.filename), foldName(from.filename)],
      manager,
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

  /**
   * The first step of a deletion. The folder is not moved or deleted meanwhile.
   * @returns where its bytes lie; null when the entry is no longer what `version` says, or the folder not at rest
   */
  async beginDelete(
    entry: Entry,
    leaseHolder: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<string | null> {
    const [rows]: [{ folderPath: string }[], number] = await manager.query(
      `update file_metadata set state = 'deleting', lease_holder = $3, lease_until = ${LEASE}
       where id = $1 and version = $2 and state in ('live', 'trashed') and hold_folder(parent_id, drive_id) is not null
       returning hold_folder(parent_id, drive_id) as "folderPath"`,
      [entry.id, entry.version, leaseHolder],
    );
    return rows[0] === undefined ? null : joinPath(rows[0].folderPath, entry.filename);
  }

  /** Undoes the first step of a deletion that the drive refused. */
  async undoDelete(id: string): Promise<void> {
    await this.dataSource.query(
      `update file_metadata set ${AT_REST}, lease_holder = null, lease_until = null where id = $1 and state = 'deleting'`,
      [id],
    );
  }

  /** The last step of a deletion. @returns null when the row is gone already */
  async finishDelete(id: string, manager: EntityManager): Promise<FinishedDelete | null> {
    const rows = await runNamed<RawDeleted>(manager, FINISH_DELETE, [id]);
    if (rows[0] === undefined) return null;
    const { isMoved, ...row } = rows[0];
    return { entry: toEntry(row), isMoved };
  }

  private async updateOne(
    statement: string,
    parameters: unknown[],
    manager: EntityManager,
  ): Promise<Entry | null> {
    const [rows]: [RawEntryRow[], number] = await manager.query(statement, parameters);
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }

  private async takingName<Result>(
    filename: string,
    statement: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await statement();
    } catch (error) {
      throw isUniqueViolation(error, UNIQUE_NAME) ? new NameTakenError(filename) : error;
    }
  }
}
