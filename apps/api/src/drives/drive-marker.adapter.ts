import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';

import * as z from 'zod';

import { errorCode } from '../platform/filesystem/error-code';
import { OWN_FOLDER } from './storage/posix-drive-storage.adapter';

const markerSchema = z.object({ id: z.uuid() });

/** What lies where a drive should be. */
export type MarkerState =
  { kind: 'absent' } | { kind: 'unmarked' } | { kind: 'marked'; id: string };

/** A drive carries its id with it, in `.homeserver/drive.json`, so that another disk under its mount point is not taken for it. */
export async function readMarker(root: string): Promise<MarkerState> {
  try {
    const text = await readFile(path.join(root, OWN_FOLDER, 'drive.json'), 'utf8');
    return { kind: 'marked', ...markerSchema.parse(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { kind: 'unmarked' };
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return { kind: 'absent' };
    return (await isFolder(root)) ? { kind: 'unmarked' } : { kind: 'absent' };
  }
}

/**
 * Makes the folder of a personal drive, for this user alone: other users of the machine may pass above it,
 * but look into none.
 */
export async function preparePrivateFolder(root: string): Promise<void> {
  await mkdir(path.dirname(root), { recursive: true, mode: 0o711 });
  await mkdir(root, { recursive: true, mode: 0o700 });
}

/** Makes the root and its marker, whole or not at all. */
export async function writeMarker(root: string, id: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  const folder = path.join(root, OWN_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'drive.json');
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ id })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  await syncFolder(folder);
  await syncFolder(root);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch {
    return false; // whatever the reason, there is no folder that we could use
  }
}
