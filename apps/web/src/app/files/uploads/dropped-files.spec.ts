import type { Chosen } from './chosen-file';
import { type DroppedEntry, type DroppedHandle, type DropItem, readDrop } from './dropped-files';

function fileEntry(name: string): DroppedEntry {
  return { name, isDirectory: false, file: (take) => take(new File(['x'], name)) };
}

/** As browsers do, it gives a few at a time. */
function folderEntry(name: string, entries: DroppedEntry[]): DroppedEntry {
  const createReader = () => {
    let next = 0;
    return {
      readEntries: (take: (found: DroppedEntry[]) => void) => {
        take(entries.slice(next, next + 2));
        next += 2;
      },
    };
  };
  return { name, isDirectory: true, createReader };
}

function itemOf(entry: DroppedEntry): DropItem {
  const getAsFile = () => (entry.isDirectory ? null : new File(['x'], entry.name));
  return { kind: 'file', webkitGetAsEntry: () => entry, getAsFile };
}

function handleItem(handle: DroppedHandle): DropItem {
  const getAsFileSystemHandle = () => Promise.resolve(handle);
  return {
    kind: 'file',
    webkitGetAsEntry: () => null,
    getAsFile: () => null,
    getAsFileSystemHandle,
  };
}

function fileHandle(name: string): DroppedHandle {
  return { kind: 'file', name, getFile: () => Promise.resolve(new File(['x'], name)) };
}

function folderHandle(name: string, children: readonly DroppedHandle[]): DroppedHandle {
  async function* values() {
    yield* children;
  }
  return { kind: 'directory', name, values };
}

async function read(items: readonly DropItem[]): Promise<string[]> {
  const found: Chosen[] = [];
  for await (const batch of readDrop({ items })) found.push(...batch);
  return found.map((one) => {
    const name = one.kind === 'file' ? one.file.name : one.kind === 'folder' ? '' : one.name;
    return `${one.kind} ${one.folderPath}/${name}`;
  });
}

describe('readDrop', () => {
  it('should find what is in folders, however many, and folders that are empty', async () => {
    const names = ['1', '2', '3', '4', '5'];
    const inner = folderEntry('Inner', names.map(fileEntry));
    const outer = folderEntry('Outer', [inner, folderEntry('Empty', []), fileEntry('a')]);
    expect(await read([itemOf(outer), itemOf(fileEntry('b'))])).toEqual([
      ...names.map((name) => `file Outer/Inner/${name}`),
      'folder Outer/Empty/',
      'file Outer/a',
      'file /b',
    ]);
  });

  it('should find the same when the browser gives handles, and keep them', async () => {
    const root = folderHandle('Outer', [folderHandle('Empty', []), fileHandle('a')]);
    expect(await read([handleItem(root)])).toEqual(['folder Outer/Empty/', 'file Outer/a']);
    for await (const [folder, file] of readDrop({ items: [handleItem(root)] })) {
      expect(folder?.kind).toBe('folder');
      expect(file).toMatchObject({ handle: { name: 'a' }, root });
    }
  });

  it('should tell what cannot be read, and go on with the others', async () => {
    const bad: DroppedHandle = { ...fileHandle('bad'), getFile: () => Promise.reject(new Error()) };
    const root = folderHandle('Outer', [bad, fileHandle('good')]);
    expect(await read([handleItem(root)])).toEqual(['unreadable Outer/bad', 'file Outer/good']);
  });

  it('should take files as they are when the browser knows neither entries nor handles', async () => {
    const item: DropItem = {
      kind: 'file',
      webkitGetAsEntry: () => null,
      getAsFile: () => new File(['x'], 'a'),
      getAsFileSystemHandle: () => Promise.resolve(undefined),
    };
    const text = { ...item, kind: 'string' };
    expect(await read([text, item])).toEqual(['file /a']);
  });
});
