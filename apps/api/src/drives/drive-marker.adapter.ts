import { constants } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

import * as z from 'zod';

import { errorCode } from '../platform/filesystem/error-code';
import { HeldFolder } from './storage/held-folder';
import { HeldRoot } from './storage/held-root';
import { makeOwnFolders } from './storage/own-folder';
import { OWN_FOLDER } from '../platform/filesystem/own-folder';

const MARKER = 'drive.json';
const NEW_MARKER = `${MARKER}.new`;
/** What is longer is none of ours. */
const MARKER_BYTES = 4096;
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

/**
 * The same of a root that is held open. One whose marker may not be read is no root to use. What others put in the
 * place of the marker is followed nowhere, and not waited for.
 */
export async function readMarkerOf(root: HeldRoot): Promise<MarkerState> {
  try {
    const own = await HeldFolder.open(root.path, [OWN_FOLDER]);
    try {
      const text = await readShortFile(own.at(MARKER));
      return { kind: 'marked', ...markerSchema.parse(JSON.parse(text)) };
    } finally {
      await own.close();
    }
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError || error instanceof z.ZodError;
    const isMissing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(errorCode(error));
    return { kind: isUnreadable || isMissing ? 'unmarked' : 'absent' };
  }
}

/** Empty where it is no file, or too long. @throws the system's errors */
async function readShortFile(place: string | Buffer): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(place, flags);
  try {
    const stats = await handle.stat();
    return stats.isFile() && stats.size <= MARKER_BYTES ? await handle.readFile('utf8') : '';
  } finally {
    await handle.close();
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

/** The same in a root that is held open. @throws the system's errors, as makeOwnFolders */
export async function writeMarkerOf(root: HeldRoot, id: string): Promise<void> {
  await makeOwnFolders(root.path);
  const own = await HeldFolder.open(root.path, [OWN_FOLDER]);
  try {
    // Anew: what lies there may be a link that somebody made.
    await unlink(own.at(NEW_MARKER)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    const handle = await open(own.at(NEW_MARKER), 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ id })}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(own.at(NEW_MARKER), own.at(MARKER));
    await own.sync();
  } finally {
    await own.close();
  }
  const above = await HeldFolder.open(root.path, []);
  try {
    await above.sync();
  } finally {
    await above.close();
  }
}
