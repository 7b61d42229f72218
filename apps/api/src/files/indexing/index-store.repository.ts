import { once } from 'node:events';

import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { isUniqueViolation } from '../../platform/database/database-errors';
import { timeOf } from '../../platform/database/time-text';
import type { Entry, EntryState } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry } from '../entries/entry-rows';
import { foldName } from '../entries/folded-name';
import { sortKeyOf } from '../entries/sort-key';
import type { DiskEntry } from './disk-entry';
import { IndexReads, type Place } from './index-reads.repository';
import {
  COPIED_COLUMNS,
  copyLine,
  type IndexedRow,
  type NewRow,
  type RowContext,
  type Totals,
} from './index-rows';
import { IndexedFolders } from './indexed-folders.repository';
import type { KnownVersion } from './missing-store.repository';
import { typeOfEntry } from './type-by-name';

/** Text handed to the connection at once. */
const COPY_CHUNK = 128 * 1024;
/** As in drives/folder-totals.repository.ts: totals and the folders above an entry change one after the other. */
const TOTALS_LOCK = 7_210_001;

/** What an entry that is known has become on the disk. */
export interface EntryUpdate {
  readonly row: IndexedRow;
  readonly entry: DiskEntry;
  /** Whether only what is around the content has changed. */
  readonly isContentKept: boolean;
}

/** An entry that was taken out of its place, as it was there. */
export interface LiftedEntry {
  readonly entry: Entry;
  readonly missingSince: Date | null;
}

/** The index of entries in PostgreSQL, over a connection of its own: writes by the thousand. */
export class IndexStore {
  readonly reads: IndexReads;
  readonly folders: IndexedFolders;

  constructor(private readonly client: Client) {
    this.reads = new IndexReads(client);
    this.folders = new IndexedFolders(client);
  }

  /** @param isRepeatable whether the next scan makes up for it when a power cut takes it back: it is not waited for */
  async transaction<Result>(work: () => Promise<Result>, isRepeatable = false): Promise<Result> {
    await this.client.query(isRepeatable ? 'begin; set local synchronous_commit to off' : 'begin');
    try {
      const result = await work();
      await this.client.query('commit');
      return result;
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }

  /** After many rows have come: the planner is told, or it would read all of them for a few. */
  async analyze(): Promise<void> {
    await this.client.query('analyze file_metadata');
  }

  /** Totals of folders, and which folder lies in which, do not change until the end of the transaction. */
  async lockTotals(driveId: string): Promise<void> {
    await this.client.query(`select pg_advisory_xact_lock($1, hashtext($2))`, [
      TOTALS_LOCK,
      driveId,
    ]);
  }

  /**
   * Adds entries as fast as it can.
   * @returns false, with the transaction broken, when one of the names is taken meanwhile
   */
  async copyRows(rows: readonly NewRow[], context: RowContext): Promise<boolean> {
    const stream = this.client.query(copyFrom(`copy file_metadata (${COPIED_COLUMNS}) from stdin`));
    const ended = once(stream, 'finish');
    ended.catch(() => undefined); // told by the wait below
    try {
      let chunk = '';
      for (const row of rows) {
        chunk += copyLine(row, context, typeOfEntry(row.entry));
        if (chunk.length < COPY_CHUNK) continue;
        if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), ended]);
        chunk = '';
      }
      stream.end(chunk);
      await ended;
      return true;
    } catch (error) {
      if (isUniqueViolation(error, 'file_metadata_name')) return false;
      throw error;
    }
  }

  /** Of these names in folders, which are taken, and by which entry. */
  async findTaken(
    places: readonly Place[],
  ): Promise<(Place & { id: string; kind: 'file' | 'folder'; state: EntryState })[]> {
    const { rows } = await this.client.query<
      Place & { id: string; kind: 'file' | 'folder'; state: EntryState }
    >(
      `select f.parent_id as "parentId", f.filename, f.id, f.kind, f.state
       from unnest($1::uuid[], $2::text[]) as p (parent_id, filename)
       join file_metadata f on f.parent_id = p.parent_id and f.filename = p.filename and f.state <> 'missing'`,
      [places.map(({ parentId }) => parentId), places.map(({ filename }) => filename)],
    );
    return rows;
  }

  async appendTotals(
    driveId: string,
    totals: readonly (readonly [folderId: string, totals: Totals])[],
  ): Promise<void> {
    if (totals.length === 0) return;
    await this.client.query(
      `insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
       select $1, * from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])`,
      [
        driveId,
        totals.map(([id]) => id),
        totals.map(([, { children }]) => children),
        totals.map(([, { files }]) => files),
        totals.map(([, { folders }]) => folders),
        totals.map(([, { bytes }]) => bytes),
      ],
    );
  }

  /**
   * Takes up what entries have become. The hash of a file is forgotten where its content may be another.
   * @returns those that were still as they were known
   */
  async updateEntries(updates: readonly EntryUpdate[]): Promise<Entry[]> {
    if (updates.length === 0) return [];
    const { rows } = await this.client.query<RawEntryRow>(
      `update file_metadata set size = case when kind = 'file' then u.new_size else size end, modified_at = u.new_modified,
         inode = u.new_inode, birth_ns = u.new_birth, nature = u.new_nature, link_target = u.new_link,
         sha256 = case when u.is_kept then sha256 end,
         scan = case when u.is_kept then scan end,
         content_type = case when u.is_kept then content_type else u.new_type end,
         version = version + case when u.is_kept then 0 else 1 end
       from unnest($1::uuid[], $2::integer[], $3::bigint[], $4::timestamptz[], $5::numeric[], $6::numeric[], $7::text[],
         $8::text[], $9::text[], $10::boolean[])
         as u (known_id, known_version, new_size, new_modified, new_inode, new_birth, new_nature, new_link, new_type, is_kept)
       where id = u.known_id and version = u.known_version and state = 'live' returning ${ENTRY_COLUMNS}`,
      [
        updates.map(({ row }) => row.id),
        updates.map(({ row }) => row.version),
        updates.map(({ entry }) => entry.size),
        updates.map(({ entry }) => timeOf(entry.modifiedMs)),
        updates.map(({ entry }) => entry.inode.toString()),
        updates.map(({ entry }) => entry.birthNs?.toString() ?? null),
        updates.map(({ entry }) => entry.nature),
        updates.map(({ entry }) => entry.linkTarget),
        updates.map(({ entry }) => typeOfEntry(entry)),
        updates.map(({ isContentKept }) => isContentKept),
      ],
    );
    return rows.map(toEntry);
  }

  /**
   * Takes entries that were found elsewhere out of their places, so that none is in the way of another: until they are
   * placed they lie beside all else, under names that no disk has.
   * @returns those that were still as they were known
   */
  async liftEntries(driveId: string, known: readonly KnownVersion[]): Promise<LiftedEntry[]> {
    if (known.length === 0) return [];
    const { rows } = await this.client.query<RawEntryRow & { missing_since: Date | null }>(
      `select ${ENTRY_COLUMNS}, missing_since from file_metadata f
       where drive_id = $3 and state in ('live', 'missing') and id = any ($1) and exists (
         select 1 from unnest($1::uuid[], $2::integer[]) as k (id, version) where k.id = f.id and k.version = f.version)
       order by id for update`,
      [known.map(({ id }) => id), known.map(({ version }) => version), driveId],
    );
    await this.client.query(
      `update file_metadata f set parent_id = r.id, filename = '/' || f.id from file_metadata r
       where f.id = any ($1) and r.drive_id = $2 and r.parent_id is null and r.state = 'live'`,
      [rows.map(({ id }) => id), driveId],
    );
    return rows.map((row) => ({ entry: toEntry(row), missingSince: row.missing_since }));
  }

  /**
   * Gives an entry that was lifted the place where it was found.
   * @returns null when that lies in itself by now
   * @throws the database's error when its name is taken there
   */
  async placeEntry(id: string, parentId: string, entry: DiskEntry): Promise<Entry | null> {
    const placed = await this.client.query(
      `with recursive above as (
         select id, parent_id from file_metadata where id = $2
         union
         select f.id, f.parent_id from above a join file_metadata f on f.id = a.parent_id
       )
       update file_metadata set parent_id = $2, filename = $3, sort_key = $4, folded_name = $5,
         state = 'live', missing_since = null, version = version + 1, inode = $6, birth_ns = $7, modified_at = $8,
         size = case when kind = 'file' then $9::bigint else size end,
         sha256 = case when size = $9::bigint and modified_at = $8 then sha256 end,
         scan = case when size = $9::bigint and modified_at = $8 then scan end,
         nature = $10, link_target = $11,
         content_type = case when size = $9::bigint and modified_at = $8 and nature = $10 then content_type else $12 end
       where id = $1 and id not in (select id from above)`,
      [id, parentId, ...placeOf(entry)],
    );
    if (placed.rowCount === 0) return null;
    // By a statement of its own: one that changes where an entry lies still sees it where it was.
    const { rows } = await this.client.query<RawEntryRow>(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1`,
      [id],
    );
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }
}

/** As `placeEntry` writes it. */
function placeOf(entry: DiskEntry): unknown[] {
  const { name, inode, birthNs, modifiedMs, size, nature, linkTarget } = entry;
  const body = [inode.toString(), birthNs?.toString() ?? null, timeOf(modifiedMs), size];
  return [name, sortKeyOf(name), foldName(name), ...body, nature, linkTarget, typeOfEntry(entry)];
}
