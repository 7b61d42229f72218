import type { IndexedDrive } from './index-protocol';
import type { Place } from './index-reads.repository';
import type { FolderRow, IndexedRow } from './index-rows';
import type { IndexStore } from './index-store.repository';
import { WalkFolder } from './walk-folder';

/** Folders whose rows are asked for together: one round trip for each of them would take longer than the disk. */
const FOLDERS_AHEAD = 400;

/** What the index knows of the entries in a folder. */
export interface KnownChildren {
  readonly rows: ReadonlyMap<string, IndexedRow>;
  /** Names that a write under way is taking away. */
  readonly busyNames: ReadonlySet<string>;
}

/** Reads what the index knows, ahead of a walk that goes through it in order. */
export class ChildRows {
  private readonly foldersOf = new Map<string, FolderRow[]>();
  /** All folders, in the order of the walk. */
  private readonly order: string[] = [];
  private readonly placeOf = new Map<string, number>();
  private readonly ready = new Map<string, KnownChildren>();
  /** Of folders of which only some names are looked at. */
  private readonly named = new Map<string, KnownChildren>();

  /** @param folders of the whole drive; null where only a few are looked at */
  constructor(
    private readonly store: IndexStore,
    folders: readonly FolderRow[] | null,
    private readonly drive: Pick<IndexedDrive, 'driveId' | 'rootFolderId'>,
  ) {
    for (const folder of folders ?? []) {
      if (folder.parentId === null) continue;
      const siblings = this.foldersOf.get(folder.parentId) ?? [];
      siblings.push(folder);
      this.foldersOf.set(folder.parentId, siblings);
    }
    if (folders !== null) this.putInOrder(drive.rootFolderId);
  }

  /** The folders that are known in a folder, the last one first. */
  async foldersIn(folder: WalkFolder): Promise<WalkFolder[]> {
    const rows = this.foldersOf.get(folder.id) ?? (await this.readFolders(folder.id));
    return rows
      .filter(({ nature }) => nature !== 'mount')
      .map((row) => WalkFolder.known(folder, row))
      .toSorted(lastFirst);
  }

  /** Reads what is known at these places, all at once, before they are looked at. */
  async prepare(places: readonly Place[]): Promise<void> {
    for (const [id, children] of await this.readPlaces(places)) this.named.set(id, children);
  }

  /** Whether there is something at a place that was prepared. */
  isKnown({ parentId, filename }: Place): boolean {
    return this.named.get(parentId)?.rows.has(filename) ?? false;
  }

  async of(folder: WalkFolder, names: readonly string[] | null): Promise<KnownChildren> {
    if (names !== null) return pick(this.named, folder.id);
    if (!this.ready.has(folder.id)) {
      const place = this.placeOf.get(folder.id);
      const ids =
        place === undefined ? [folder.id] : this.order.slice(place, place + FOLDERS_AHEAD);
      for (const [id, children] of await this.readFoldersWhole(ids)) this.ready.set(id, children);
    }
    const children = pick(this.ready, folder.id);
    this.ready.delete(folder.id);
    return children;
  }

  private async readFoldersWhole(ids: readonly string[]): Promise<Map<string, KnownChildren>> {
    const { reads } = this.store;
    return this.byFolder(ids, await reads.readChildren(this.drive.driveId, ids));
  }

  private async readPlaces(places: readonly Place[]): Promise<Map<string, KnownChildren>> {
    const ids = [...new Set(places.map(({ parentId }) => parentId))];
    return this.byFolder(ids, await this.store.reads.readPlaces(this.drive.driveId, places));
  }

  private async byFolder(
    ids: readonly string[],
    rows: readonly IndexedRow[],
  ): Promise<Map<string, KnownChildren>> {
    const found = new Map(
      ids.map((id) => [id, { rows: new Map<string, IndexedRow>(), busyNames: new Set<string>() }]),
    );
    for (const row of rows) found.get(row.parentId)?.rows.set(row.filename, row);
    for (const { parentId, filename } of await this.store.reads.readBusyNames(ids))
      found.get(parentId)?.busyNames.add(filename);
    return found;
  }

  private async readFolders(id: string): Promise<readonly FolderRow[]> {
    // One that is known from the beginning has none; one that was missing then may have what came back with it.
    if (this.placeOf.has(id)) return [];
    const rows = await this.store.reads.readChildren(this.drive.driveId, [id]);
    return rows.filter(
      ({ kind, state }) => kind === 'folder' && ['live', 'moving'].includes(state),
    );
  }

  private putInOrder(rootId: string): void {
    const next = [rootId];
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      this.placeOf.set(id, this.order.length);
      this.order.push(id);
      const folders = this.foldersOf.get(id) ?? [];
      next.push(...folders.toSorted(byNameDescending).map((folder) => folder.id));
    }
  }
}

/** Rows as of a walk: those that are taken from the end come in the order of their names. */
export function lastFirst(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? 1 : -1;
}

function byNameDescending(one: FolderRow, other: FolderRow): number {
  return one.filename < other.filename ? 1 : -1;
}

function pick(found: ReadonlyMap<string, KnownChildren>, id: string): KnownChildren {
  return found.get(id) ?? { rows: new Map(), busyNames: new Set() };
}
