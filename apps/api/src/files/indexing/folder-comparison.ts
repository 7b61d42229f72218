import { timeOf } from '../../platform/database/time-text';
import type { KnownChildren } from './child-rows';
import type { DiskEntry } from './disk-entry';
import type { IndexedRow } from './index-rows';
import type { EntryUpdate } from './index-store.repository';

/** How a folder on the disk differs from what the index knows. */
export interface FolderDifference {
  readonly added: DiskEntry[];
  readonly updates: EntryUpdate[];
  /** Something of another kind has taken their names. */
  readonly replaced: IndexedRow[];
  readonly vanished: IndexedRow[];
  /** Folders that are known, and still there. */
  readonly folders: { readonly row: IndexedRow; readonly entry: DiskEntry }[];
  /** Names that a write under way is about: they are looked at again. */
  readonly busyCount: number;
}

/** Compares what is known of a folder, or of some names in it, with what is there. A path keeps its entry. */
export function compareFolder(known: KnownChildren, found: readonly DiskEntry[]): FolderDifference {
  const difference: Omit<FolderDifference, 'busyCount'> = {
    added: [],
    updates: [],
    replaced: [],
    vanished: [],
    folders: [],
  };
  const names = new Set<string>();
  let busyCount = 0;
  for (const entry of found) {
    names.add(entry.name);
    const row = known.rows.get(entry.name);
    if (known.busyNames.has(entry.name) || (row !== undefined && row.state !== 'live')) {
      busyCount += 1;
    } else if (row === undefined) {
      difference.added.push(entry);
    } else if (row.kind !== entry.kind) {
      difference.replaced.push(row);
      difference.added.push(entry);
    } else {
      const update = updateOf(row, entry);
      if (update !== null) difference.updates.push(update);
      if (row.kind === 'folder' && entry.nature === 'plain')
        difference.folders.push({ row, entry });
    }
  }
  for (const [name, row] of known.rows) {
    if (names.has(name)) continue;
    if (row.state === 'live') difference.vanished.push(row);
    else busyCount += 1;
  }
  return { ...difference, busyCount };
}

/** Whether a folder can be looked into shows when that is tried. */
function natureOf({ nature }: { readonly nature: string }): string {
  return nature === 'unreadable' ? 'plain' : nature;
}

function updateOf(row: IndexedRow, entry: DiskEntry): EntryUpdate | null {
  const isTimeKept = Date.parse(timeOf(entry.modifiedMs)) === row.modifiedMs;
  const isNatureKept = natureOf(row) === natureOf(entry) && row.linkTarget === entry.linkTarget;
  const isBodyKept = row.inode === entry.inode && row.birthNs === entry.birthNs;
  if (row.kind === 'folder') {
    if (isTimeKept && isNatureKept && isBodyKept) return null;
    const nature = isNatureKept ? row.nature : entry.nature;
    return { row, entry: { ...entry, nature }, isContentKept: isNatureKept };
  }
  const isContentKept = isTimeKept && isNatureKept && row.size === entry.size;
  // A file that could not be read is tried again: somebody may have given us the right.
  const isDone = isContentKept && isBodyKept && row.nature !== 'unreadable';
  return isDone ? null : { row, entry, isContentKept };
}
