import { type Chosen, joinNames, type SourceHandle } from './chosen-file';

/** The part of a FileSystemEntry that is read. */
export interface DroppedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  file?(take: (file: File) => void, fail: (error: unknown) => void): void;
  createReader?(): {
    readEntries(take: (entries: DroppedEntry[]) => void, fail: (error: unknown) => void): void;
  };
}

/** The part of a FileSystemHandle that is read. */
export interface DroppedHandle extends SourceHandle {
  getFile?(): Promise<File>;
  values?(): AsyncIterable<DroppedHandle>;
}

export interface DropItem {
  readonly kind: string;
  webkitGetAsEntry(): DroppedEntry | null;
  getAsFile(): File | null;
  /** Only in secure contexts, and not in every browser. */
  getAsFileSystemHandle?(): Promise<DroppedHandle | null | undefined>;
}

/** The part of a DataTransfer that counts. */
export interface DropSource {
  readonly items: Iterable<DropItem>;
}

/** So that the first files are on their way while thousands of others are still being found. */
const BATCH = 200;

/** Whether files are being dragged, rather than text or a link. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/**
 * What was dropped, folders with all that is in them, in batches. To be called while the drop is
 * handled: afterwards the browser knows nothing of it any more.
 */
export function readDrop(source: DropSource): AsyncIterable<Chosen[]> {
  const grips = [...source.items].filter(({ kind }) => kind === 'file').map(gripOf);
  return inBatches(walkAll(grips));
}

interface Grip {
  readonly entry: DroppedEntry | null;
  readonly file: File | null;
  /** A file that a script made has none. */
  readonly handle: Promise<DroppedHandle | null | undefined>;
}

function gripOf(item: DropItem): Grip {
  return {
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
    // Refused for what is no real file, such as a picture of another page.
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
  };
}

async function* walkAll(grips: readonly Grip[]): AsyncGenerator<Chosen> {
  for (const { entry, file, handle: promise } of grips) {
    const handle = await promise;
    if (handle) yield* walkHandle(handle, '', handle);
    else if (entry?.isDirectory === true) yield* walkEntry(entry, '');
    else if (file !== null) yield { kind: 'file', file, folderPath: '', handle: null, root: null };
    else if (entry !== null) yield* walkEntry(entry, '');
  }
}

async function* walkHandle(
  handle: DroppedHandle,
  folderPath: string,
  root: DroppedHandle,
): AsyncGenerator<Chosen> {
  const { name } = handle;
  try {
    if (handle.kind === 'file') {
      const file = await handle.getFile?.();
      if (file !== undefined) yield { kind: 'file', file, folderPath, handle, root };
      return;
    }
    const path = joinNames(folderPath, name);
    let isEmpty = true;
    for await (const child of handle.values?.() ?? []) {
      isEmpty = false;
      yield* walkHandle(child, path, root);
    }
    if (isEmpty) yield { kind: 'folder', folderPath: path };
  } catch {
    // Gone since, or not for this browser's eyes: the others go on.
    yield { kind: 'unreadable', name, folderPath };
  }
}

async function* walkEntry(entry: DroppedEntry, folderPath: string): AsyncGenerator<Chosen> {
  try {
    if (!entry.isDirectory) {
      const file = await fileOf(entry);
      yield { kind: 'file', file, folderPath, handle: null, root: null };
      return;
    }
    const path = joinNames(folderPath, entry.name);
    let isEmpty = true;
    for await (const child of childrenOf(entry)) {
      isEmpty = false;
      yield* walkEntry(child, path);
    }
    if (isEmpty) yield { kind: 'folder', folderPath: path };
  } catch {
    // As above.
    yield { kind: 'unreadable', name: entry.name, folderPath };
  }
}

function fileOf(entry: DroppedEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file?.(resolve, reject);
  });
}

/** A reader gives at most 100 at a time, and none when it is at the end. */
async function* childrenOf(folder: DroppedEntry): AsyncGenerator<DroppedEntry> {
  const reader = folder.createReader?.();
  if (reader === undefined) return;
  for (;;) {
    const entries = await new Promise<DroppedEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) return;
    yield* entries;
  }
}

async function* inBatches(found: AsyncIterable<Chosen>): AsyncGenerator<Chosen[]> {
  let batch: Chosen[] = [];
  for await (const chosen of found) {
    batch.push(chosen);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
