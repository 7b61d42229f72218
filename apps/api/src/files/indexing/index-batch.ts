import type { DiskEntry } from './disk-entry';
import type { IndexedRow } from './index-rows';
import type { EntryUpdate } from './index-store.repository';
import { uuid7 } from '../../platform/database/uuid7';
import type { KnownVersion } from './missing-store.repository';
import type { WalkFolder } from './walk-folder';

/** A file that the index does not know. */
export interface NewFileRow {
  readonly id: string;
  readonly parent: WalkFolder;
  readonly entry: DiskEntry;
}

/** An entry that is known from elsewhere, or was missing, and was found here. */
export interface FoundMove {
  readonly known: KnownVersion;
  readonly parent: WalkFolder;
  readonly entry: DiskEntry;
}

/** What a walk has found and the index does not say yet. */
export class IndexBatch {
  readonly files: NewFileRow[] = [];
  /** Of those that the index does not know. */
  readonly folders: WalkFolder[] = [];
  /** Folders all of whose entries are in the index, or in this batch, with their time of change; null: read it again. */
  readonly listed = new Map<WalkFolder, bigint | null>();
  /** Folders that are not as the index has them. */
  readonly compared = new Set<WalkFolder>();
  readonly updates: EntryUpdate[] = [];
  readonly moves: FoundMove[] = [];
  /** Folders that cannot be looked into any more, or can again. */
  readonly natures = new Map<WalkFolder, 'plain' | 'unreadable'>();
  /** What is no longer there, for sure. */
  readonly gone: IndexedRow[] = [];

  addFile(parent: WalkFolder, entry: DiskEntry): void {
    this.files.push({ id: uuid7(), parent, entry });
  }

  get size(): number {
    return (
      this.files.length +
      this.folders.length +
      this.updates.length +
      this.moves.length +
      this.gone.length +
      this.listed.size +
      this.compared.size +
      this.natures.size
    );
  }
}
