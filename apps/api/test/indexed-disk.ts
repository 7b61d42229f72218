import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@jest/globals';
import type { Client } from 'pg';

import { ChangeLog } from '../src/files/indexing/change-log.repository';
import { DriveIndex } from '../src/files/indexing/drive-index';
import { DriveRoot } from '../src/files/indexing/drive-root.adapter';
import type { IndexedDrive, IndexResult } from '../src/files/indexing/index-protocol';
import { IndexStore } from '../src/files/indexing/index-store.repository';
import type { IndexStores } from '../src/files/indexing/index-writer';
import { MissingStore } from '../src/files/indexing/missing-store.repository';
import { uuid7 } from '../src/platform/database/uuid7';
import { nameOfBytes } from '../src/platform/filesystem/name-bytes';

const SLASH = Buffer.from('/');

/** Folders whose kept totals, with the changes that are not added up yet, are not those of what is in them. */
const WRONG_TOTALS = `with recursive live as (
    select * from file_metadata where drive_id = $1 and state = 'live'
  ), inside as (
    select id as folder, id, kind, size from live where kind = 'folder'
    union all
    select i.folder, l.id, l.kind, l.size from inside i join live l on l.parent_id = i.id
  ), actual as (
    select folder, count(*) filter (where kind = 'file') as files, count(*) filter (where kind = 'folder') - 1 as folders,
      coalesce(sum(size) filter (where kind = 'file'), 0) as bytes from inside group by folder
  ), pending as (
    select i.folder, sum(c.file_count) as files, sum(c.folder_count) as folders, sum(c.total_bytes) as bytes
    from inside i join folder_totals_changes c on c.folder_id = i.id group by i.folder
  )
  select entry_path(l.id) as path, l.file_count + coalesce(p.files, 0) as files, a.files as "actualFiles",
    l.folder_count + coalesce(p.folders, 0) as folders, a.folders as "actualFolders",
    l.size + coalesce(p.bytes, 0) as bytes, a.bytes as "actualBytes",
    l.child_count + coalesce((select sum(child_count) from folder_totals_changes c where c.folder_id = l.id), 0) as children,
    (select count(*) from live c where c.parent_id = l.id) as "actualChildren"
  from live l join actual a on a.folder = l.id left join pending p on p.folder = l.id
  where l.file_count + coalesce(p.files, 0) <> a.files or l.folder_count + coalesce(p.folders, 0) <> a.folders
    or l.size + coalesce(p.bytes, 0) <> a.bytes
    or l.child_count + coalesce((select sum(child_count) from folder_totals_changes c where c.folder_id = l.id), 0)
      <> (select count(*) from live c where c.parent_id = l.id)`;

/** An entry as the index has it. */
export interface KnownEntry {
  readonly id: string;
  readonly tags: string[];
  readonly size: number;
}

/** A folder of this machine as a drive, and the index of it, as the thread of the index has it. */
export class IndexedDisk {
  private constructor(
    private readonly client: Client,
    readonly drive: IndexedDrive,
  ) {}

  static async create(client: Client, changes: Partial<IndexedDrive> = {}): Promise<IndexedDisk> {
    const drive = {
      driveId: uuid7(),
      name: 'Test',
      place: changes.place ?? (await mkdtemp(path.join(tmpdir(), 'homeserver-index-'))),
      rootFolderId: uuid7(),
      excludes: ['.DS_Store'],
      showHidden: true,
      crossMounts: false,
      readOnly: true,
      ...changes,
    };
    await client.query(
      `insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
         folder_count, upload_date, modified_at, state)
       values ($1, $2, 'folder', 'Test', 'test', 'test', 0, 0, 0, 0, now(), now(), 'live')`,
      [drive.rootFolderId, drive.driveId],
    );
    return new IndexedDisk(client, drive);
  }

  async remove(): Promise<void> {
    await rm(this.drive.place, { recursive: true, force: true });
  }

  stores(): IndexStores & { readonly store: IndexStore } {
    const { client } = this;
    return {
      store: new IndexStore(client),
      missing: new MissingStore(client),
      log: new ChangeLog(client),
    };
  }

  /** @param stores those of a test that comes in between */
  index(stores: IndexStores = this.stores()): DriveIndex {
    return new DriveIndex(this.drive, new DriveRoot(this.drive), stores, {
      watch: null,
      isWanted: () => false,
      turn: () => undefined,
    });
  }

  scan(changes: { isFull?: boolean; toleratedCount?: number | null } = {}): Promise<IndexResult> {
    const { drive } = this;
    const usual = { isFull: false, toleratedCount: 0, cursor: null };
    return this.index().scan({ kind: 'scan', drive, ...usual, ...changes });
  }

  /** Looks at folders by their paths, each at these names, or as a whole. */
  async look(...folders: [place: string, names: string[] | null][]): Promise<IndexResult> {
    const { drive } = this;
    const known = await this.entries();
    return this.index().look({
      kind: 'look',
      drive,
      folders: folders.map(([place, names]) => ({
        folderId: place === '' ? drive.rootFolderId : (known.get(place)?.id ?? ''),
        names,
      })),
    });
  }

  at(...names: string[]): string {
    return path.join(this.drive.place, ...names);
  }

  async put(name: string, content = name): Promise<void> {
    await mkdir(path.dirname(this.at(name)), { recursive: true });
    await writeFile(this.at(name), content);
  }

  /** The entries that are there, by path; those that are missing in brackets. */
  async entries(): Promise<Map<string, KnownEntry>> {
    const { rows } = await this.client.query<KnownEntry & { path: string; state: string }>(
      `select entry_path(id) as path, id, tags, size::float8 as size, state from file_metadata
       where drive_id = $1 and parent_id is not null order by 1`,
      [this.drive.driveId],
    );
    return new Map(
      rows.map(({ path: place, id, tags, size, state }) => [
        state === 'missing' ? `[${place}]` : place,
        { id, tags, size },
      ]),
    );
  }

  async idOf(place: string): Promise<string | undefined> {
    return (await this.entries()).get(place)?.id;
  }

  async tag(place: string): Promise<string | undefined> {
    const id = await this.idOf(place);
    await this.client.query(
      `update file_metadata set tags = '{kept}', version = version + 1 where id = $1`,
      [id],
    );
    return id;
  }

  /** Takes the events that were told since. */
  async events(): Promise<string[]> {
    const { rows } = await this.client.query<{ what: string }>(
      `select substr(type, 17) || ' ' || (data->'file'->>'storagePath') as what from event_outbox
       where drive_id = $1 order by id`,
      [this.drive.driveId],
    );
    await this.client.query(`delete from event_outbox`);
    return rows.map(({ what }) => what);
  }

  /** Whether the index says what the disk says, entry for entry, and folders hold what is in them. */
  async expectToEqualDisk(): Promise<void> {
    const [known, onDisk] = [await this.livePaths(), await this.pathsOnDisk()];
    expect(known).toEqual(onDisk);
    expect(await this.wrongTotals()).toEqual([]);
  }

  /** How the index differs from the disk, as `expectToEqualDisk` tells it. */
  async differences(): Promise<string[]> {
    const [known, onDisk] = [await this.livePaths(), await this.pathsOnDisk()];
    return [
      ...onDisk.filter((place) => !known.includes(place)).map((place) => `${place} is not known`),
      ...known.filter((place) => !onDisk.includes(place)).map((place) => `${place} is not there`),
      ...(await this.wrongTotals()).map((totals) => `wrong totals: ${JSON.stringify(totals)}`),
    ];
  }

  private async livePaths(): Promise<string[]> {
    return [...(await this.entries()).keys()].filter((place) => !place.startsWith('[')).sort();
  }

  private async pathsOnDisk(): Promise<string[]> {
    const { place } = this.drive;
    return (await pathsBelow(Buffer.from(place)))
      .map((bytes) => nameOfBytes(bytes.subarray(Buffer.byteLength(place) + 1)))
      .filter((name) => !name.endsWith('.DS_Store'))
      .sort();
  }

  async wrongTotals(): Promise<object[]> {
    const { rows } = await this.client.query<object>(WRONG_TOTALS, [this.drive.driveId]);
    return rows;
  }
}

async function pathsBelow(folder: Buffer): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const entry of await readdir(folder, { encoding: 'buffer', withFileTypes: true })) {
    const place = Buffer.concat([folder, SLASH, entry.name]);
    found.push(place, ...(entry.isDirectory() ? await pathsBelow(place) : []));
  }
  return found;
}
