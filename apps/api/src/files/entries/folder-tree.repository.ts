import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { UNFINISHED } from './entry-rows';

/** Of the advisory locks, those of who lies in which folder: see hold_folder in the migration. */
const TREE_LOCK = 7_210_003;
const FOLDERS_AT_ONCE = 500;

/**
 * Which folder lies in which. Whoever moves or deletes a folder takes the tree of the drive for itself while it writes
 * its intent; whoever writes into a folder shares it. So a folder is never moved while something below it is written,
 * nothing is written below one that is on its way, and no two moves form a circle. All of it in the transaction given.
 */
@Injectable()
export class FolderTree {
  /** Takes the tree of a drive to the end of the transaction. Before FolderTotals.lock, where both are needed. */
  async lock(driveId: string, manager: EntityManager): Promise<void> {
    await manager.query(`select pg_advisory_xact_lock($1, hashtext($2))`, [TREE_LOCK, driveId]);
  }

  /** Whether something below a folder is in the middle of a write. */
  async isBusyBelow(folderId: string, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `with recursive up as (
         select p.at from file_metadata f cross join lateral (
           select f.parent_id as at union all select f.source_parent_id
         ) p where f.${UNFINISHED} and f.id <> $1 and p.at is not null
         union
         select f.parent_id from up u join file_metadata f on f.id = u.at where f.parent_id is not null
       ) select 1 from up where at = $1`,
      [folderId],
    );
    return rows.length > 0;
  }

  /** Whether an entry is a folder itself, or lies in it or below. */
  async isIn(entryId: string, folderId: string, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `with recursive up as (
         select id, parent_id from file_metadata where id = $1
         union all
         select f.id, f.parent_id from up u join file_metadata f on f.id = u.parent_id
       ) select 1 from up where id = $2`,
      [entryId, folderId],
    );
    return rows.length > 0;
  }

  /** What lies below a folder that was put into the trash is there with it. Level by level, as in markMissing. */
  async trashBelow(folderId: string, manager: EntityManager): Promise<void> {
    for (let folderIds = [folderId]; folderIds.length > 0;) {
      const rows: { id: string }[] = await manager.query(
        `with trashed as (
           update file_metadata f set state = 'trashed', trash_id = top.id, trashed_at = top.trashed_at
           from file_metadata top
           where top.id = $2 and f.parent_id = any ($1) and f.state = 'live' returning f.id, f.kind
         ) select id from trashed where kind = 'folder'`,
        [folderIds, folderId],
      );
      folderIds = rows.map(({ id }) => id);
    }
  }

  /** And is back with it. */
  async restoreBelow(folderId: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `update file_metadata set state = 'live', trash_id = null, trashed_at = null
       where trash_id = $1 and state = 'trashed' and id <> $1`,
      [folderId],
    );
  }

  /**
   * Removes the rows of all that lies below a folder, whatever its state, and what is noted about their totals. Its
   * own row stays. Within FolderTotals.lock: the folders are locked before anything is removed, so that what comes
   * into one of them meanwhile is seen.
   */
  async deleteBelow(folderId: string, manager: EntityManager): Promise<void> {
    const folders: { id: string }[] = await manager.query(
      `with recursive below as (
         select $1::uuid as id
         union all
         select f.id from below b join file_metadata f on f.parent_id = b.id where f.kind = 'folder'
       ) select f.id from file_metadata f where f.id in (select id from below) order by f.id for update of f`,
      [folderId],
    );
    for (let first = 0; first < folders.length; first += FOLDERS_AT_ONCE) {
      const ids = folders.slice(first, first + FOLDERS_AT_ONCE).map(({ id }) => id);
      await manager.query(`delete from file_metadata where parent_id = any ($1)`, [ids]);
      await manager.query(`delete from folder_totals_changes where folder_id = any ($1)`, [ids]);
    }
  }
}
