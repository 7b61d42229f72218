import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, LEASE, type RawEntryRow, toEntry } from '../entries/entry-rows';

/** Of a row, what says where it lies and what lies there. */
const PLACE = ['drive_id', 'parent_id', 'filename', 'sort_key', 'folded_name', 'inode', 'birth_ns'];
const FILE_CONTENT = ['size'];
const FOLDER_CONTENT = ['size', 'child_count', 'file_count', 'folder_count'];

interface Exchange {
  readonly content: readonly string[];
  readonly tags: string[] | null;
  readonly leaseHolder: string;
  /** The time of what is left behind, as it was copied; null: that of the copy, which has it where it can. */
  readonly formerTime: Date | null;
}

/** An entry that was moved to another drive, and how it was before. */
export interface Exchanged {
  readonly before: Entry;
  readonly after: Entry;
}

/**
 * The step that makes a copy on another drive the entry itself: the entry and the row of its copy exchange their
 * places, so that the entry keeps its id, and the other row stands for the bytes that are still to be removed.
 */
@Injectable()
export class ExchangeRepository {
  /**
   * Exchanges a file, or a link, with its copy, which is being committed.
   * @param tags replace the tags, where they are given
   * @returns null when the entry is no longer as it was copied, its folder is not at rest, or the row of the copy
   * is gone
   */
  async exchangeFile(
    copyId: string,
    how: Omit<Exchange, 'content'>,
    manager: EntityManager,
  ): Promise<Exchanged | null> {
    const before = await this.lock(
      `select e.id from file_metadata c join file_metadata e on e.id = c.moves_id
       where c.id = $1 and c.state = 'committing' and e.state = 'live' and e.version = c.version
         and hold_folder(e.parent_id, e.drive_id) is not null`,
      copyId,
      manager,
    );
    if (before === null) return null;
    return this.exchange(before, copyId, { ...how, content: FILE_CONTENT }, manager);
  }

  /**
   * Exchanges a folder that is empty by now with the one that has got what was in it; what it has got goes with it.
   * Within the locks of both trees and their totals.
   * @returns null when something is left in it, or either of the two is not at rest
   */
  async exchangeFolder(
    folderId: string,
    copyId: string,
    { leaseHolder }: Pick<Exchange, 'leaseHolder'>,
    manager: EntityManager,
  ): Promise<Exchanged | null> {
    const before = await this.lock(
      `select e.id from file_metadata e join file_metadata c on c.id = $2 and c.state = 'live'
       where e.id = $1 and e.state = 'live' and hold_folder(e.id, e.drive_id) is not null
         and hold_folder(c.id, c.drive_id) is not null
         and not exists (
         select 1 from file_metadata f where f.parent_id = e.id and f.state <> 'missing')
       for update of c`,
      [folderId, copyId],
      manager,
    );
    if (before === null) return null;
    // What is missing from it may come back where it was, on the drive where it was.
    await manager.query(
      `update file_metadata set parent_id = $2 where parent_id = $1 and state = 'missing'`,
      [folderId, before.parentId],
    );
    // What is not added up yet never came to the folders above: it is not taken from them either.
    await manager.query(`delete from folder_totals_changes where folder_id = $1`, [folderId]);
    const exchanged = await this.exchange(
      before,
      copyId,
      { content: FOLDER_CONTENT, tags: null, leaseHolder, formerTime: null },
      manager,
    );
    await manager.query(`update file_metadata set parent_id = $1 where parent_id = $2`, [
      folderId,
      copyId,
    ]);
    await manager.query(`update folder_totals_changes set folder_id = $1 where folder_id = $2`, [
      folderId,
      copyId,
    ]);
    return exchanged;
  }

  private async lock(
    statement: string,
    parameter: string | string[],
    manager: EntityManager,
  ): Promise<Entry | null> {
    const found: { id: string }[] = await manager.query(statement, [parameter].flat());
    if (found[0] === undefined) return null;
    const rows: RawEntryRow[] = await manager.query(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1 and state = 'live' for update`,
      [found[0].id],
    );
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }

  private async exchange(
    before: Entry,
    copyId: string,
    { content, tags, leaseHolder, formerTime }: Exchange,
    manager: EntityManager,
  ): Promise<Exchanged> {
    const columns = [...PLACE, ...content];
    const list = columns.join(', ');
    // As texts: inodes and times have more digits than a number keeps.
    const [old]: { row: string }[] = await manager.query(
      `select to_jsonb(f)::text as row from file_metadata f where id = $1`,
      [before.id],
    );
    const [copy]: { row: string }[] = await manager.query(
      `select to_jsonb(f)::text as row from file_metadata f where id = $1`,
      [copyId],
    );
    // Each name has one row: that of the copy steps aside first.
    await manager.query(`update file_metadata set filename = id::text where id = $1`, [copyId]);
    await manager.query(
      `update file_metadata f set (${list}) = (select ${prefixed('c', columns)}),
         modified_at = c.modified_at, sha256 = c.sha256, scan = c.scan, corrupted_at = c.corrupted_at,
         listed_ns = null, version = f.version + 1, tags = coalesce($3::text[], f.tags)
       from jsonb_populate_record(null::file_metadata, $2::jsonb) c where f.id = $1`,
      [before.id, copy?.row, tags],
    );
    await manager.query(
      `update file_metadata f set (${list}) = (select ${prefixed('e', columns)}), state = 'deleting', staged_name = null,
         modified_at = coalesce($5::timestamptz, f.modified_at),
         moves_id = $3, lease_holder = $4, lease_until = ${LEASE}
       from jsonb_populate_record(null::file_metadata, $2::jsonb) e where f.id = $1`,
      [copyId, old?.row, before.id, leaseHolder, formerTime],
    );
    const rows: RawEntryRow[] = await manager.query(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1`,
      [before.id],
    );
    if (rows[0] === undefined) throw new Error('An entry is gone that is locked.');
    return { before, after: toEntry(rows[0]) };
  }
}

function prefixed(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${column}`).join(', ');
}
