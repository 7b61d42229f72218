import type { Client } from 'pg';

import { timeOf } from '../../platform/database/time-text';
import type { FolderRow, IndexedRow } from './index-rows';

const INDEXED = `id, parent_id as "parentId", filename, kind, size::float8 as size,
  (extract(epoch from modified_at) * 1000)::float8 as "modifiedMs", inode, birth_ns as "birthNs",
  listed_ns as "listedNs", nature, link_target as "linkTarget", state, version`;

const NOT_IN_TRASH = `state not in ('trash', 'trashed')`;

type Raw<Row> = {
  readonly [Key in keyof Row]: bigint extends Row[Key] ? string | null : Row[Key];
};

/** An entry that bears the inode of another one. */
export interface Candidate extends IndexedRow {
  /** Where the index has it. */
  readonly path: string;
}

/** A name in a folder. */
export interface Place {
  readonly parentId: string;
  readonly filename: string;
}

/** What the index knows, read by the thousand over a connection of its own. */
export class IndexReads {
  constructor(private readonly client: Client) {}

  /** Every folder of a drive that is on the disk, as far as the index knows. */
  async readFolders(driveId: string): Promise<FolderRow[]> {
    const { rows } = await this.client.query<Raw<FolderRow>>(
      `select id, parent_id as "parentId", filename, listed_ns as "listedNs", nature from file_metadata
       where drive_id = $1 and kind = 'folder' and state in ('live', 'moving') order by id`,
      [driveId],
    );
    return rows.map((row) => ({ ...row, listedNs: toBigint(row.listedNs) }));
  }

  /** Whether the index has nothing of a drive but its root. */
  async isEmpty(driveId: string): Promise<boolean> {
    const { rows } = await this.client.query(
      `select 1 from file_metadata where drive_id = $1 and parent_id is not null limit 1`,
      [driveId],
    );
    return rows.length === 0;
  }

  /** Folders, each with those above it, the root first; those that are gone are left out. */
  async findWays(folderIds: readonly string[]): Promise<Map<string, FolderRow[]>> {
    const { rows } = await this.client.query<Raw<FolderRow> & { startId: string }>(
      `with recursive up as (
         select id as start_id, id, parent_id, filename, listed_ns, nature, 0 as height from file_metadata
         where id = any ($1) and kind = 'folder' and state in ('live', 'moving')
         union all
         select u.start_id, f.id, f.parent_id, f.filename, f.listed_ns, f.nature, u.height + 1
         from up u join file_metadata f on f.id = u.parent_id
       ) select start_id as "startId", id, parent_id as "parentId", filename, listed_ns as "listedNs", nature
       from up order by height desc`,
      [folderIds],
    );
    const ways = new Map<string, FolderRow[]>();
    for (const { startId, ...row } of rows) {
      const way = ways.get(startId) ?? [];
      way.push({ ...row, listedNs: toBigint(row.listedNs) });
      ways.set(startId, way);
    }
    return ways;
  }

  /** What is known in these folders, but for what is missing: nothing of a folder that went to another drive meanwhile. */
  async readChildren(driveId: string, folderIds: readonly string[]): Promise<IndexedRow[]> {
    const { rows } = await this.client.query<Raw<IndexedRow>>(
      `select ${INDEXED} from file_metadata
       where parent_id = any ($1) and state <> 'missing' and drive_id = $2`,
      [folderIds, driveId],
    );
    return rows.map(toIndexedRow);
  }

  /** The same at these places alone. */
  async readPlaces(driveId: string, places: readonly Place[]): Promise<IndexedRow[]> {
    const { rows } = await this.client.query<Raw<IndexedRow>>(
      `select ${INDEXED} from unnest($1::uuid[], $2::text[]) as p (folder, name)
       join file_metadata on parent_id = p.folder and filename = p.name
       where state <> 'missing' and drive_id = $3`,
      [places.map(({ parentId }) => parentId), places.map(({ filename }) => filename), driveId],
    );
    return rows.map(toIndexedRow);
  }

  /** Names in these folders that a move is just taking away. */
  async readBusyNames(folderIds: readonly string[]): Promise<Place[]> {
    const { rows } = await this.client.query<Place>(
      `select source_parent_id as "parentId", source_filename as filename from file_metadata
       where state = 'moving' and source_parent_id = any ($1)`,
      [folderIds],
    );
    return rows;
  }

  /**
   * Entries of a drive that bear these inodes, also those in the middle of a write; behind them those that are missing,
   * the last that went first.
   */
  async findByInodes(driveId: string, inodes: readonly bigint[]): Promise<Candidate[]> {
    const { rows } = await this.client.query<Raw<IndexedRow> & { path: string }>(
      `select ${INDEXED}, entry_path(id) as path from file_metadata
       where inode = any ($2::numeric[]) and drive_id = $1 and ${NOT_IN_TRASH}
       order by missing_since desc nulls first`,
      [driveId, inodes.map(String)],
    );
    return rows.map((row) => ({ ...toIndexedRow(row), path: row.path }));
  }

  /** Folders of that time of change that hold just these names, also missing ones, or in the middle of a write. */
  async findFoldersHolding(
    driveId: string,
    modifiedMs: number,
    names: readonly string[],
  ): Promise<Candidate[]> {
    const { rows } = await this.client.query<Raw<IndexedRow> & { path: string }>(
      `select ${INDEXED}, entry_path(id) as path from file_metadata f
       where drive_id = $1 and kind = 'folder' and modified_at = $2 and ${NOT_IN_TRASH}
         and parent_id is not null and $3 = (
           select coalesce(array_agg(c.filename order by c.filename), '{}') from file_metadata c
           where c.parent_id = f.id and (c.state <> 'missing' or c.missing_since = f.missing_since))`,
      [driveId, timeOf(modifiedMs), names.toSorted()],
    );
    return rows.map((row) => ({ ...toIndexedRow(row), path: row.path }));
  }
}

function toIndexedRow(row: Raw<IndexedRow>): IndexedRow {
  return {
    ...row,
    modifiedMs: Math.round(row.modifiedMs),
    inode: toBigint(row.inode),
    birthNs: toBigint(row.birthNs),
    listedNs: toBigint(row.listedNs),
  };
}

function toBigint(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
