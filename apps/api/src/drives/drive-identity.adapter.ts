import { readdir, readFile, realpath, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import { errorCode } from '../platform/filesystem/error-code';
import {
  findUnmounted,
  type Mount,
  mountOf,
  parseMounts,
} from '../platform/filesystem/mount-table';
import type { DriveIdentity } from './drive-identity';
import type { RootLocation } from './drive-root';

const BY_UUID = '/dev/disk/by-uuid';
/** Sources that name a filesystem wherever it is mounted: `nas:/films`, `//nas/films`, the data sets of ZFS. */
const TELLING_SOURCE = /^\/\/|:/;

/**
 * Looks at what lies under a path.
 * @param held the same folder, by a path that leads nowhere else meanwhile
 */
export async function readIdentity(root: string, held = root): Promise<DriveIdentity> {
  const place = await realpath(root);
  const mount = mountOf(place, await readMounts());
  const [{ ino, birthtimeNs }, { type, blocks, bsize }] = await Promise.all([
    stat(held, { bigint: true }),
    statfs(held),
  ]);
  const mountPoint = mount?.mountPoint ?? (await findMountPoint(place));
  return {
    filesystemId: mount === null ? null : await findFilesystemId(mount),
    filesystemType: mount?.filesystem ?? String(type),
    mountPoint,
    pathInside: pathInside({ root: mount?.root ?? '/', mountPoint }, place),
    inode: String(ino),
    birthNs: birthtimeNs > 0n ? String(birthtimeNs) : null,
    totalBytes: blocks * bsize,
  };
}

/** @param place a real path */
export async function readLocation(place: string): Promise<RootLocation> {
  const mount = mountOf(place, await readMounts());
  const { dev, ino } = await stat(place, { bigint: true });
  return {
    place,
    key: `${dev}:${ino}`,
    inFilesystem: mount && { device: mount.device, path: pathInside(mount, place) },
  };
}

function pathInside(
  { root, mountPoint }: Pick<Mount, 'root' | 'mountPoint'>,
  place: string,
): string {
  return path.posix.join(root, path.relative(mountPoint, place));
}

/** Whether a disk is to be mounted above a path, and is not. @param place a real path */
export async function isUnmounted(place: string): Promise<boolean> {
  const mounts = await readMounts();
  if (mounts.length === 0) return false;
  try {
    return findUnmounted(place, await readFile('/etc/fstab', 'utf8'), mounts) !== null;
  } catch {
    return false; // without such a table nobody says what should be mounted
  }
}

/** Empty where the system has no such table: only Linux does. */
async function readMounts(): Promise<Mount[]> {
  try {
    return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function findFilesystemId({ filesystem, source }: Mount): Promise<string | null> {
  if (!source.startsWith('/dev/'))
    return filesystem === 'zfs' || TELLING_SOURCE.test(source) ? `${filesystem}:${source}` : null;
  try {
    const device = await realpath(source);
    for (const uuid of await readdir(BY_UUID))
      if ((await realpath(path.join(BY_UUID, uuid))) === device) return uuid;
  } catch (error) {
    // Containers have no such folder, and a device may go while we look.
    if (!['ENOENT', 'EACCES'].includes(errorCode(error))) throw error;
  }
  return null;
}

/** The highest folder above that is on the same device. */
async function findMountPoint(place: string): Promise<string> {
  const { dev } = await stat(place);
  let at = place;
  for (let above = path.dirname(at); above !== at; above = path.dirname(at)) {
    if ((await stat(above)).dev !== dev) break;
    at = above;
  }
  return at;
}
