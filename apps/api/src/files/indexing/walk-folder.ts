import type { EntryNature } from '@homeserver/dto';

import type { DiskEntry } from './disk-entry';
import { uuid7 } from '../../platform/database/uuid7';
import { type FolderRow, noTotals, type Totals } from './index-rows';

interface FolderState {
  readonly id: string;
  readonly isStored: boolean;
  readonly isKnown: boolean;
  readonly entry: DiskEntry | null;
  readonly listedNs: bigint | null;
  readonly nature: EntryNature;
}

/** A folder on the way of a walk through a drive. */
export class WalkFolder {
  /** Of its row; another one where it turns out that the folder is known. */
  id: string;
  /** Whether the index has its row. */
  isStored: boolean;
  /** Whether the index may have rows of what is in it. */
  isKnown: boolean;
  /** As the disk has it; null where its row says enough. */
  readonly entry: DiskEntry | null;
  /** The time of change that it had when all in it was indexed; null: it has to be read. */
  listedNs: bigint | null;
  readonly nature: EntryNature;
  /** What was added in it and below that no row says yet. */
  totals: Totals = noTotals();
  /** The folders in it that the walk still has to go into, once it was read. */
  unvisited: WalkFolder[] = [];
  /** The time of change that it had when it was read as a whole; null: it was not, or it may have changed since. */
  readNs: bigint | null = null;
  wasRead = false;
  /** Whether it is known that it was opened where the index had it by then: its name may be another folder's by now. */
  isSure = false;
  /** Whether it was opened under a name that it no longer bore. */
  isStray = false;
  /** Whether the system does not let us look into it. */
  isForbidden = false;

  private constructor(
    readonly parent: WalkFolder | null,
    readonly name: string,
    state: FolderState,
  ) {
    ({
      id: this.id,
      isStored: this.isStored,
      isKnown: this.isKnown,
      entry: this.entry,
      listedNs: this.listedNs,
      nature: this.nature,
    } = state);
  }

  /** A folder that the index does not know. */
  static newIn(parent: WalkFolder, entry: DiskEntry): WalkFolder {
    const folder = new WalkFolder(parent, entry.name, {
      id: uuid7(),
      isStored: false,
      isKnown: false,
      entry,
      listedNs: null,
      nature: entry.nature,
    });
    folder.isSure = true;
    return folder;
  }

  /** A folder that the index knows. @param parent null for the root of a drive */
  static known(
    parent: WalkFolder | null,
    row: Pick<FolderRow, 'id' | 'filename' | 'listedNs' | 'nature'>,
  ): WalkFolder {
    const { id, listedNs, nature } = row;
    const name = parent === null ? '' : row.filename;
    return new WalkFolder(parent, name, {
      id,
      isStored: true,
      isKnown: true,
      entry: null,
      listedNs,
      nature,
    });
  }

  /** A folder that the index knows from another place. */
  static foundIn(
    parent: WalkFolder,
    entry: DiskEntry,
    known: { readonly id: string; readonly listedNs: bigint | null; readonly nature?: EntryNature },
  ): WalkFolder {
    return new WalkFolder(parent, entry.name, {
      id: known.id,
      isStored: true,
      isKnown: true,
      entry,
      listedNs: known.listedNs,
      nature: known.nature ?? entry.nature,
    });
  }

  /** Inside the drive; empty for the root. */
  get path(): string {
    if (this.parent === null) return '';
    return this.parent.pathOf(this.name);
  }

  /** Whether what was found in it may be another folder's. */
  get isAstray(): boolean {
    return this.isStray || (this.parent?.isAstray ?? false);
  }

  get depth(): number {
    return this.parent === null ? 0 : this.parent.depth + 1;
  }

  get names(): string[] {
    return this.parent === null ? [] : [...this.parent.names, this.name];
  }

  pathOf(name: string): string {
    const path = this.path;
    return path === '' ? name : `${path}/${name}`;
  }
}
