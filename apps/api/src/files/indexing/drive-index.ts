import { ChildRows } from './child-rows';
import type { DriveRoot } from './drive-root.adapter';
import { exclusionOf } from './exclusions';
import type {
  IndexedDrive,
  IndexResult,
  ListRequest,
  LookRequest,
  ScanQuestion,
  ScanRequest,
} from './index-protocol';
import type { FolderRow, IndexedRow } from './index-rows';
import { type IndexStores, IndexWriter } from './index-writer';
import { uuid7 } from '../../platform/database/uuid7';
import { hasTellingInodes } from './telling-inodes.adapter';
import { TreeWalk } from './tree-walk';
import type { WalkHooks, WalkRules } from './walk-rules';
import { WalkFolder } from './walk-folder';

/** A scan that would lose more than this of a drive asks first. */
const QUESTIONABLE_COUNT = 20;
const QUESTIONABLE_SHARE = 5;
/** Gone entries that are written at once. */
const GONE_AT_ONCE = 2000;

export const NOTHING: IndexResult = {
  isElsewhere: false,
  seenCount: 0,
  wasFirst: false,
  question: null,
  isSettled: false,
  isDoubtful: false,
  busy: [],
  hasMore: false,
  verified: null,
};
export const ELSEWHERE: IndexResult = { ...NOTHING, isElsewhere: true };

interface Look {
  readonly folder: WalkFolder;
  readonly above: readonly WalkFolder[];
  readonly names: readonly string[] | null;
}

/** What can be done to bring the index of one drive together with its disk. */
export class DriveIndex {
  constructor(
    private readonly drive: IndexedDrive,
    private readonly root: DriveRoot,
    private readonly stores: IndexStores,
    private readonly hooks: WalkHooks,
  ) {}

  /** Looks through the whole drive. @throws the system's errors when the disk fails: nothing counts as gone then */
  async scan({ isFull, toleratedCount, cursor }: ScanRequest): Promise<IndexResult> {
    const { driveId, rootFolderId } = this.drive;
    const isFirst = await this.stores.store.reads.isEmpty(driveId);
    const folders = isFirst ? [] : await this.stores.store.reads.readFolders(driveId);
    const row = folders.find(({ id }) => id === rootFolderId);
    const root = WalkFolder.known(null, row ?? rootRow(rootFolderId));
    root.isKnown = !isFirst;
    const writer = this.writer(isFirst, toleratedCount);
    const firstId = uuid7();
    const walk = new TreeWalk(
      this.rules({ isFull, cursor, isAlone: isFirst, gathersGone: true }),
      this.stores,
      writer,
      new ChildRows(this.stores.store, folders, this.drive),
      this.hooks,
    );
    await walk.walk(root, []);
    await walk.finish();
    const vanished = walk.gone
      .filter(({ row, folder }) => !folder.isAstray && !writer.refusedIds.has(row.id))
      .map(({ row }) => row);
    const gone = [...vanished, ...writer.doubtful.values()];
    const much = await this.isMuch(gone, toleratedCount);
    if (much === null) await this.forget(writer, gone, firstId);
    const { seenCount, busy } = walk;
    const question = much !== null && much.missingCount > (toleratedCount ?? 0) ? much : null;
    const isSettled = much === null;
    return { ...NOTHING, seenCount, wasFirst: isFirst, question, isSettled, busy };
  }

  /** Looks at folders in which something has changed. @throws as `scan` */
  async look({ folders }: LookRequest): Promise<IndexResult> {
    // All in one: what went from one folder may be what came into another.
    const writer = this.writer(false);
    const walk = this.fewFolders(writer);
    const looks = await this.prepareLooks(new Map(folders.map((one) => [one.folderId, one.names])));
    await walk.prepare(
      looks.flatMap(({ folder, names }) => (names === null ? [] : [{ folder, names }])),
    );
    // The folders above before those in them: what is new is gone into from there.
    for (const look of looks.toSorted((one, other) => one.above.length - other.above.length))
      await walk.look(look.folder, look.above, look.names);
    await walk.finish();
    const { seenCount, busy } = walk;
    return { ...NOTHING, seenCount, busy, isDoubtful: writer.doubtful.size > 0 };
  }

  /** Lists a folder, so that it can be shown. @throws as `scan` */
  async list({ folderId }: ListRequest): Promise<IndexResult> {
    const way = (await this.waysTo([folderId])).get(folderId) ?? [];
    const folder = way.pop();
    if (folder === undefined) return NOTHING;
    const walk = this.fewFolders(this.writer(false));
    await walk.list(folder, way);
    await walk.finish();
    return { ...NOTHING, seenCount: walk.seenCount, busy: walk.busy };
  }

  private fewFolders(writer: IndexWriter): TreeWalk {
    return new TreeWalk(
      this.rules({ isFull: false, cursor: null, isAlone: false, gathersGone: false }),
      this.stores,
      writer,
      new ChildRows(this.stores.store, null, this.drive),
      this.hooks,
    );
  }

  private writer(isFirst: boolean, toleratedCount: number | null = 0): IndexWriter {
    const context = { driveId: this.drive.driveId, uploadedMs: isFirst ? null : Date.now() };
    return new IndexWriter(this.stores, context, isFirst, async (gone) => {
      // So few files are no question, and are what goes most often.
      if (gone.length <= QUESTIONABLE_COUNT && gone.every(({ kind }) => kind === 'file'))
        return false;
      return (await this.isMuch(gone, toleratedCount)) !== null;
    });
  }

  private rules(how: Pick<WalkRules, 'isFull' | 'cursor' | 'isAlone' | 'gathersGone'>): WalkRules {
    const { driveId, place, crossMounts } = this.drive;
    const { root } = this;
    return {
      ...how,
      driveId,
      root,
      crossMounts,
      isExcluded: exclusionOf(this.drive),
      hasInodes: hasTellingInodes(place),
    };
  }

  /** Folders, each with those above it, the root first; without those that are gone, or not served. */
  private async waysTo(folderIds: readonly string[]): Promise<Map<string, WalkFolder[]>> {
    const ways = await this.stores.store.reads.findWays(folderIds);
    return new Map([...ways].map(([id, rows]) => [id, this.wayOf(rows)]));
  }

  private wayOf(rows: readonly FolderRow[]): WalkFolder[] {
    const isExcluded = exclusionOf(this.drive);
    const way: WalkFolder[] = [];
    for (const row of rows) {
      const folder = WalkFolder.known(way.at(-1) ?? null, row);
      const isLeftOut = folder.parent !== null && isExcluded(folder.name, folder.path);
      if (isLeftOut || (row.nature === 'mount' && !this.drive.crossMounts)) return [];
      way.push(folder);
    }
    const folder = way.at(-1);
    // What has changed is to be read, whatever its time says.
    if (folder !== undefined) folder.listedNs = null;
    return way;
  }

  /** @param dirty the names that have changed in folders, by their ids; null: whatever there is */
  private async prepareLooks(dirty: Map<string, readonly string[] | null>): Promise<Look[]> {
    const ways = await this.waysTo([...dirty.keys()]);
    for (const folderId of [...dirty.keys()]) {
      if ((ways.get(folderId) ?? []).length > 0) continue;
      dirty.delete(folderId);
      const former = await this.formerParent(folderId);
      if (former === null) continue;
      dirty.set(former.id, null);
      ways.set(former.id, former.way);
    }
    return [...dirty].flatMap(([folderId, names]): Look[] => {
      const above = ways.get(folderId) ?? [];
      const folder = above.pop();
      return folder === undefined ? [] : [{ folder, above, names }];
    });
  }

  /**
   * Of a folder that is watched and that the index does not know: a move to this drive may have ended, by which it
   * bears the id that it had elsewhere. The folder above finds it.
   */
  private async formerParent(folderId: string): Promise<{ id: string; way: WalkFolder[] } | null> {
    const { watch } = this.hooks;
    const isMissing = await this.stores.missing.isMissing(folderId);
    for (let at: string | null = folderId; at !== null;) {
      const parentId: string | null = watch?.parentOf(at) ?? null;
      watch?.remove(at);
      if (isMissing || parentId === null) return null;
      const way = (await this.waysTo([parentId])).get(parentId) ?? [];
      if (way.length > 0) return { id: parentId, way };
      at = parentId;
    }
    return null;
  }

  /** How much is gone, when that is so much that nothing is taken as gone by itself. */
  private async isMuch(
    gone: readonly IndexedRow[],
    toleratedCount: number | null,
  ): Promise<ScanQuestion | null> {
    if (gone.length === 0 || toleratedCount === null) return null;
    const missingCount = await this.stores.missing.countWithAllBelow(gone);
    const entryCount = await this.stores.missing.countEntries(this.drive.rootFolderId);
    const isMuch =
      missingCount > QUESTIONABLE_COUNT && missingCount > entryCount / QUESTIONABLE_SHARE;
    return isMuch ? { missingCount, entryCount } : null;
  }

  private async forget(
    writer: IndexWriter,
    gone: readonly IndexedRow[],
    firstId: string,
  ): Promise<void> {
    for (let first = 0; first < gone.length; first += GONE_AT_ONCE)
      await writer.markMissing(gone.slice(first, first + GONE_AT_ONCE), firstId);
  }
}

function rootRow(id: string): FolderRow {
  return { id, parentId: null, filename: '', listedNs: null, nature: 'plain' };
}
