import type { FoundMove, IndexBatch, NewFileRow } from './index-batch';
import { type NewRow, noTotals, type Totals } from './index-rows';
import type { Place } from './index-reads.repository';
import type { WalkFolder } from './walk-folder';

/** An entry that bears a name which a batch wants to give. */
export interface TakenName extends Place {
  readonly id: string;
  readonly kind: 'file' | 'folder';
  readonly state: string;
}

/** What of a batch can be written: the rest is under a name that somebody else has, or in a folder that is gone. */
export class BatchPlan {
  files: readonly NewFileRow[];
  moves: readonly FoundMove[];
  /** The folders above before those in them. */
  folders: readonly WalkFolder[];
  private readonly dropped = new Set<WalkFolder>();
  private readonly checked = new Set<WalkFolder>();

  constructor(batch: IndexBatch, open: readonly WalkFolder[]) {
    this.files = batch.files;
    this.moves = batch.moves;
    const unstored = new Set(open.filter(({ isStored }) => !isStored));
    for (const folder of batch.folders) if (!folder.isStored) unstored.add(folder);
    this.folders = [...unstored].sort((one, other) => one.depth - other.depth);
  }

  /** Names in folders of the index that were not looked up yet. */
  takePlaces(): Place[] {
    const isNew = ({ parent }: { parent: WalkFolder | null }) =>
      parent !== null && parent.isStored && !this.checked.has(parent);
    const files = [...this.files, ...this.moves].filter(isNew);
    const folders = this.folders.filter(isNew);
    for (const { parent } of [...files, ...folders]) if (parent !== null) this.checked.add(parent);
    return [
      ...files.map(({ parent, entry }) => ({ parentId: parent.id, filename: entry.name })),
      ...folders.map(({ parent, name }) => ({ parentId: parent?.id ?? '', filename: name })),
    ];
  }

  /** Leaves out what is taken. A folder that somebody else has indexed meanwhile is that folder. */
  yieldTo(taken: readonly TakenName[]): void {
    const byPlace = new Map(taken.map((row) => [placeOf(row.parentId, row.filename), row]));
    const takenBy = (parent: WalkFolder | null, name: string) =>
      parent === null ? undefined : byPlace.get(placeOf(parent.id, name));
    const isFree = ({ parent, entry }: NewFileRow | FoundMove) =>
      takenBy(parent, entry.name) === undefined;
    this.files = this.files.filter(isFree);
    this.moves = this.moves.filter(isFree);
    for (const folder of this.folders) {
      const row = takenBy(folder.parent, folder.name);
      if (row === undefined) continue;
      if (row.kind === 'folder' && ['live', 'moving'].includes(row.state)) {
        folder.id = row.id;
        folder.isStored = true;
        folder.isKnown = true;
      } else {
        this.dropped.add(folder);
      }
    }
    this.folders = this.folders.filter(({ isStored }) => !isStored);
    this.leaveOutDropped();
  }

  /** Leaves out what was found in these folders, and in those below. */
  leaveOut(folders: Iterable<WalkFolder>): void {
    for (const folder of folders) this.dropped.add(folder);
    this.leaveOutDropped();
  }

  /** Leaves out what was found in folders that are no more. */
  keepIn(present: ReadonlySet<string>): void {
    for (const folder of this.storedParents())
      if (!present.has(folder.id)) this.dropped.add(folder);
    this.leaveOutDropped();
  }

  /** The folders in which something was found. */
  parents(): WalkFolder[] {
    return [...this.files, ...this.moves, ...this.folders].flatMap(({ parent }) => parent ?? []);
  }

  /** The folders of the index that get something. */
  storedParents(): WalkFolder[] {
    const parents = new Set<WalkFolder>();
    for (const { parent } of [...this.files, ...this.moves, ...this.folders])
      if (parent?.isStored === true) parents.add(parent);
    return [...parents];
  }

  /**
   * Adds up what the folders get by what is new: what lies in a new one stands in its own row.
   * @returns what folders of the index get
   */
  addUp(): [string, Totals][] {
    const involved = new Set<WalkFolder>(this.folders);
    for (const { parent } of this.files) involved.add(parent);
    for (const { parent } of this.folders) if (parent !== null) involved.add(parent);
    for (const folder of involved) folder.totals = noTotals();
    for (const { parent, entry } of this.files)
      addTo(parent, { children: 1, files: 1, folders: 0, bytes: entry.size });
    for (const { parent, totals } of this.folders.toReversed()) {
      if (parent === null) continue;
      const { files, folders, bytes } = totals;
      addTo(parent, { children: 1, files, folders: folders + 1, bytes });
    }
    return [...involved].flatMap((folder): [string, Totals][] =>
      folder.isStored && !isNothing(folder.totals) ? [[folder.id, folder.totals]] : [],
    );
  }

  toRows(listed: ReadonlyMap<WalkFolder, bigint | null>): NewRow[] {
    const folders = this.folders.flatMap((folder): NewRow[] => {
      const { id, parent, entry, totals } = folder;
      if (parent === null || entry === null) return [];
      const listedNs = listed.get(folder) ?? null;
      return [{ id, parentId: parent.id, entry, path: folder.path, totals, listedNs }];
    });
    const files = this.files.map(({ id, parent, entry }): NewRow => {
      const path = parent.pathOf(entry.name);
      return { id, parentId: parent.id, entry, path, totals: null, listedNs: null };
    });
    return [...folders, ...files];
  }

  private leaveOutDropped(): void {
    if (this.dropped.size === 0) return;
    this.files = this.files.filter(({ parent }) => !this.isDropped(parent));
    this.moves = this.moves.filter(({ parent }) => !this.isDropped(parent));
    this.folders = this.folders.filter((folder) => !this.isDropped(folder));
  }

  private isDropped(folder: WalkFolder): boolean {
    for (let at: WalkFolder | null = folder; at !== null; at = at.parent)
      if (this.dropped.has(at)) return true;
    return false;
  }
}

function placeOf(parentId: string, name: string): string {
  return `${parentId}/${name}`;
}

function addTo({ totals }: WalkFolder, more: Totals): void {
  totals.children += more.children;
  totals.files += more.files;
  totals.folders += more.folders;
  totals.bytes += more.bytes;
}

function isNothing({ children, files, folders, bytes }: Totals): boolean {
  return children === 0 && files === 0 && folders === 0 && bytes === 0;
}
