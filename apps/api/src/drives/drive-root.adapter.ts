import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';

import { errorCode } from '../platform/filesystem/error-code';
import type { DriveIdentity } from './drive-identity';
import { isUnmounted, readIdentity, readLocation } from './drive-identity.adapter';
import { type MarkerState, readMarkerOf, writeMarkerOf } from './drive-marker.adapter';
import type { RootLocation } from './drive-root';
import { HeldRoot } from './storage/held-root';
import { makeOwnFolders } from './storage/own-folder';

/** What lies where somebody wants a drive to be. */
export interface FoundRoot {
  readonly location: RootLocation;
  readonly identity: DriveIdentity;
  readonly marker: MarkerState;
}

/** Why there is no folder. */
export type NoRoot = 'missing' | 'not_a_folder' | 'unreadable';

const MISSING = ['ENOENT', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'];
/** The last two: something else of that name lies where ours has to. */
const UNWRITABLE = ['EROFS', 'EACCES', 'EPERM', 'ELOOP', 'ENOTDIR'];

/** @param wished an absolute path; links in it are followed, once */
export async function findRoot(wished: string): Promise<FoundRoot | NoRoot> {
  let root: HeldRoot | null = null;
  try {
    const place = await realpath(wished);
    if (!(await stat(place)).isDirectory()) return 'not_a_folder';
    if (await isUnmounted(place)) return 'missing';
    await access(place, constants.R_OK | constants.X_OK);
    root = await HeldRoot.open(place);
    return {
      location: await readLocation(place),
      identity: await readIdentity(place, root.path),
      marker: await readMarkerOf(root),
    };
  } catch (error) {
    const code = errorCode(error);
    if (MISSING.includes(code)) return 'missing';
    if (code === 'ENOTDIR') return 'not_a_folder';
    if (['EACCES', 'EPERM', 'EIO', 'ENXIO', 'ENODEV', 'ESTALE', 'ENOTCONN'].includes(code))
      return 'unreadable';
    throw error;
  } finally {
    await root?.close();
  }
}

/** Where a folder lies that is served already; null when it is not there. */
export async function locate(place: string): Promise<RootLocation | null> {
  try {
    return await readLocation(await realpath(place));
  } catch {
    return null; // away: nothing of it is there to overlap with
  }
}

/**
 * Gets a root ready to be written to: with its marker, and with the folders for staging.
 * @returns false when the system does not let us write there
 */
export async function markRoot(place: string, id: string): Promise<boolean> {
  const root = await HeldRoot.open(place);
  try {
    const marker = await readMarkerOf(root);
    if (marker.kind !== 'marked') await writeMarkerOf(root, id);
    await makeOwnFolders(root.path);
    await access(root.path, constants.W_OK);
    return true;
  } catch (error) {
    if (UNWRITABLE.includes(errorCode(error))) return false;
    throw error;
  } finally {
    await root.close();
  }
}
