import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import {
  drivePageSchema,
  type FileMetadata,
  fileMetadataSchema,
  filePageSchema,
  fileVersionPageSchema,
  type TrashItem,
  trashPageSchema,
} from '@homeserver/dto';
import { expect } from '@jest/globals';

import { read } from './files-client';
import {
  type Address,
  hashOf,
  type Household,
  isDoubtful,
  isListed,
  type Promised,
} from './household';

/** Where a server is, and where the files of its only drive are. */
export interface Home extends Address {
  readonly filesFolder: string;
}

/** Everything acknowledged is there; everything else is absent, resumable, or whole. */
export async function expectPromisesKept(household: Household, home: Home): Promise<void> {
  await expectUploadsGoOn(household);
  const listed = await listAll(home);
  const trashed = await listTrash(home);
  const seen = {
    listed: new Map(listed.map((file) => [file.id, file])),
    trashed: new Set(trashed.map(({ id }) => id)),
  };
  for (const one of household.promised) {
    if (isDoubtful(one)) continue;
    if (one.kind === 'folder' && isListed(one)) await expectFolder(home, one);
    else expectAsPromised(one, seen);
    if (one.kind === 'file' && isListed(one)) await expectVersions(home, one);
  }
  await expectDiskLikeLists(household, home, listed);
  expect((await namesIn(home, '.homeserver/trash')).sort()).toEqual([...seen.trashed].sort());
  expect(await namesIn(home, '.homeserver/removed')).toEqual([]);
}

/** Brings back all that is in the trash, and looks at it. */
export async function expectTrashComesBack(household: Household, home: Home): Promise<void> {
  for (const { id } of await listTrash(home)) {
    const answer = await fetch(`${home.url}/api/v1/trash/${id}/restore`, {
      method: 'POST',
      headers: headersOf(home),
    });
    expect(answer.status).toBe(200);
  }
  await expectDiskLikeLists(household, home, await listAll(home));
  expect(await namesIn(home, '.homeserver/trash')).toEqual([]);
}

/** All files of the server, wherever they are. */
export async function listAll(home: Address): Promise<FileMetadata[]> {
  const files: FileMetadata[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = filePageSchema.parse(await readJson(home, `/api/v1/files/list${query}`));
    files.push(...page.items);
    cursor = page.nextCursor;
  }
  return files;
}

async function listTrash(home: Address): Promise<TrashItem[]> {
  const items: TrashItem[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = trashPageSchema.parse(await readJson(home, `/api/v1/trash${query}`));
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

async function expectUploadsGoOn(household: Household): Promise<void> {
  for (const upload of [...household.uploads]) {
    const file = await household.finish(upload);
    expect(file?.sha256).toBe(hashOf(upload.content));
  }
}

function expectAsPromised(
  one: Promised,
  seen: { listed: Map<string, FileMetadata>; trashed: Set<string> },
): void {
  const found = seen.listed.get(one.id);
  // The versions of what is in a folder, and where it lies, change with the folder.
  const { filename, size, sha256, parentId, tags } = one.said;
  if (isListed(one)) expect(found).toMatchObject({ filename, size, sha256, parentId, tags });
  else expect(found).toBeUndefined();
  if (one.kind === 'file' || one.state !== 'kept')
    expect({ id: one.id, isTrashed: seen.trashed.has(one.id) }).toEqual({
      id: one.id,
      isTrashed: one.state === 'trashed',
    });
}

/** What a file was before is kept, and nothing else is. */
async function expectVersions(home: Home, { id, contents, said }: Promised): Promise<void> {
  const { items } = fileVersionPageSchema.parse(
    await readJson(home, `/api/v1/files/${id}/versions?limit=1000`),
  );
  const hashes = items.map(({ sha256 }) => sha256);
  expect([said.sha256, ...hashes]).toEqual(contents.toReversed());
  const names = await namesIn(home, `.homeserver/versions/${id}`);
  expect(names.sort()).toEqual(items.map((version) => version.id).sort());
  for (const version of items) {
    const place = path.join(home.filesFolder, '.homeserver', 'versions', id, version.id);
    expect(hashOf(await readFile(place))).toBe(version.sha256);
  }
}

async function expectFolder(home: Address, { id, said }: Promised): Promise<void> {
  const { parentId, filename } = said;
  const found = fileMetadataSchema.parse(await readJson(home, `/api/v1/files/${id}/metadata`));
  expect(found).toMatchObject({ parentId, filename });
}

/** No row without bytes, no bytes without a row, and no bytes that nobody sent. */
async function expectDiskLikeLists(
  household: Household,
  home: Home,
  listed: readonly FileMetadata[],
): Promise<void> {
  const entries = await readdir(home.filesFolder, { recursive: true, withFileTypes: true });
  const served = entries
    .map((entry) => ({
      isFolder: entry.isDirectory(),
      path: path.relative(home.filesFolder, path.join(entry.parentPath, entry.name)),
    }))
    .filter((entry) => !entry.path.startsWith('.homeserver'));
  const names = served.filter(({ isFolder }) => !isFolder).map((entry) => entry.path);
  expect(names.sort()).toEqual(listed.map((file) => file.storagePath).sort());
  for (const file of listed) {
    const sha256 = hashOf(await readFile(path.join(home.filesFolder, file.storagePath)));
    expect(household.sent.has(sha256)).toBe(true);
    expect(file.sha256).toBe(sha256);
  }
  const [drive] = (await read(home, '/api/v1/drives', drivePageSchema)).items;
  const usedBytes = listed.reduce((sum, file) => sum + file.size, 0);
  expect(drive).toMatchObject({ entryCount: served.length, usedBytes });
}

async function namesIn(home: Home, folder: string): Promise<string[]> {
  return readdir(path.join(home.filesFolder, folder)).catch(() => []);
}

async function readJson(home: Address, where: string): Promise<unknown> {
  return (await fetch(home.url + where, { headers: headersOf(home) })).json();
}

function headersOf({ token }: Address): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
