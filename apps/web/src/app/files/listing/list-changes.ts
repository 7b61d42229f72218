import type { FileMetadata } from '@homeserver/dto';

import { type EntryOrder, entryOrder } from '../entries/entry-order';
import { foldName } from '../entries/name-order';
import { type FilesView, isFiltered } from './files-view';

/**
 * Something that happened to an entry: it is now so, or it is gone. What is `noted` of it is so wherever
 * it lies, in the trash too: only a row that is there changes.
 */
export interface FileChange {
  readonly kind: 'present' | 'noted' | 'gone';
  readonly file: FileMetadata;
  /** Just asked for: also what a folder holds is news, which has no version of its own. */
  readonly isFresh?: boolean;
}

/** A view of one folder of a drive. */
export interface ListScope {
  readonly driveId: string;
  readonly folderId: string;
  /** Where the folder lies in its drive, empty for the root: what is below it begins so. */
  readonly path: string;
  readonly view: FilesView;
}

/** The same for two scopes with the same entries, in whatever order. */
export function filterKey(scope: ListScope | null): string {
  return scope === null ? '' : JSON.stringify([scope.folderId, scope.view.tags, scope.view.text]);
}

/** The rows that are loaded: the first ones of the list, without a gap. */
export interface LoadedRows {
  readonly rows: readonly FileMetadata[];
  /** Of the whole list. */
  readonly total: number;
  /** Whether these are all. */
  readonly isComplete: boolean;
}

export interface ChangedRows extends LoadedRows {
  /** Whether something happened behind the loaded rows, so that only the server knows the total. */
  readonly isTotalUncertain: boolean;
}

/**
 * The rows after some changes, in their order. An entry that belongs behind the loaded rows is left
 * out: its page brings it. What is known already changes nothing, so that a change may be heard of
 * twice, as an answer and as an event.
 */
export function applyChanges(
  loaded: LoadedRows,
  changes: readonly FileChange[],
  scope: ListScope,
): ChangedRows {
  const list = new ChangingRows(loaded, entryOrder(scope.view.sort, scope.view.order));
  for (const { kind, file, isFresh } of changes) {
    if ((kind === 'noted' || file.driveId !== scope.driveId) && !list.has(file)) continue;
    if (kind === 'gone') list.remove(file);
    else if (belongsTo(scope, file)) list.put(file, isFresh === true);
    else list.release(file);
  }
  return list.result();
}

/** Whether an entry is one of those that the view shows. */
export function belongsTo(scope: ListScope, file: FileMetadata): boolean {
  const { view } = scope;
  if (file.driveId !== scope.driveId || file.id === scope.folderId) return false;
  if (!isFiltered(view)) return file.parentId === scope.folderId;
  return (
    isBelow(scope.path, file) &&
    view.tags.every((tag) => file.tags.includes(tag)) &&
    foldName(file.filename).includes(foldName(view.text))
  );
}

function isBelow(path: string, file: FileMetadata): boolean {
  return path === '' || file.storagePath.startsWith(`${path}/`);
}

class ChangingRows {
  private readonly rows: FileMetadata[];
  private readonly byId: Map<string, FileMetadata>;
  private hasUncertain = false;

  constructor(
    private readonly loaded: LoadedRows,
    private readonly order: EntryOrder,
  ) {
    this.rows = [...loaded.rows];
    this.byId = new Map(loaded.rows.map((row) => [row.id, row]));
  }

  has(file: FileMetadata): boolean {
    return this.byId.has(file.id);
  }

  put(file: FileMetadata, isFresh: boolean): void {
    const known = this.byId.get(file.id);
    if (known !== undefined && known.version > file.version) return;
    if (known?.version === file.version && !isFresh) return;
    if (known !== undefined && this.order(known, file) === 0) {
      this.rows[this.rows.indexOf(known)] = file;
      this.byId.set(file.id, file);
      return;
    }
    if (known !== undefined) this.take(known);
    this.insert(file);
  }

  remove(file: FileMetadata): void {
    const known = this.byId.get(file.id);
    if (known !== undefined) this.take(known);
    this.hasUncertain = true;
  }

  /** It lies elsewhere now, or did when an older event told of it. */
  release(file: FileMetadata): void {
    const known = this.byId.get(file.id);
    if (known === undefined || known.version <= file.version) this.remove(file);
  }

  result(): ChangedRows {
    const { isComplete, total } = this.loaded;
    const grown = this.rows.length - this.loaded.rows.length;
    return {
      rows: this.rows,
      total: isComplete ? this.rows.length : Math.max(this.rows.length, total + grown),
      isComplete,
      isTotalUncertain: this.hasUncertain && !isComplete,
    };
  }

  private insert(file: FileMetadata): void {
    this.hasUncertain = true;
    const index = this.placeOf(file);
    if (index === this.rows.length && !this.loaded.isComplete) return;
    this.rows.splice(index, 0, file);
    this.byId.set(file.id, file);
  }

  private take(known: FileMetadata): void {
    this.rows.splice(this.rows.indexOf(known), 1);
    this.byId.delete(known.id);
  }

  /** By halving: the first row that is listed after the file. */
  private placeOf(file: FileMetadata): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.rows[middle];
      if (row !== undefined && this.order(row, file) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
