import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

import * as z from 'zod';

import { errorCode } from '../platform/filesystem/error-code';
import { HeldRoot } from './storage/held-root';
import { makeOwnFolders, OWN_FOLDER } from './storage/own-folder';

const MARKER = path.join(OWN_FOLDER, 'drive.json');
const markerSchema = z.object({ id: z.uuid() });

/** What lies where a drive should be. */
export type MarkerState =
  { kind: 'absent' } | { kind: 'unmarked' } | { kind: 'marked'; id: string };

/** A drive carries its id with it, in `.homeserver/drive.json`, so that another disk under its mount point is not taken for it. */
export async function readMarker(place: string): Promise<MarkerState> {
  let root: HeldRoot;
  try {
    root = await HeldRoot.open(place);
  } catch {
    return { kind: 'absent' }; // whatever the reason, there is no folder that we could use
  }
  try {
    return await readMarkerOf(root);
  } finally {
    await root.close();
  }
}

/** The same of a root that is held open. One whose marker may not be read is no root to use. */
export async function readMarkerOf(root: HeldRoot): Promise<MarkerState> {
  try {
    const text = await readFile(path.join(root.path, MARKER), 'utf8');
    return { kind: 'marked', ...markerSchema.parse(JSON.parse(text)) };
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError || error instanceof z.ZodError;
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
    return { kind: isUnreadable || isMissing ? 'unmarked' : 'absent' };
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
export async function writeMarker(place: string, id: string): Promise<void> {
  await mkdir(place, { recursive: true, mode: 0o755 });
  const root = await HeldRoot.open(place);
  try {
    await writeMarkerOf(root, id);
  } finally {
    await root.close();
  }
}

/** The same in a root that is held open. */
export async function writeMarkerOf(root: HeldRoot, id: string): Promise<void> {
  await makeOwnFolders(root.path);
  const file = path.join(root.path, MARKER);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ id })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  await syncFolder(path.join(root.path, OWN_FOLDER));
  await syncFolder(root.path);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some filesystems have no fsync of folders: they say so.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error))) throw error;
  } finally {
    await handle.close();
  }
}
