import { isInside } from '../platform/filesystem/mount-table';

/** Where a folder lies, by all that tells whether another one lies in it. */
export interface RootLocation {
  /** A real path: absolute, without links. */
  readonly place: string;
  /** Of the folder itself, as `device:inode`. */
  readonly key: string;
  /** The filesystem, and the path inside it: the same wherever it is mounted. null where the system does not say. */
  readonly inFilesystem: { readonly device: string; readonly path: string } | null;
}

/** Whether one of two folders is the other, or lies in it, under whatever path: by links and bind mounts, too. */
export function doOverlap(one: RootLocation, other: RootLocation): boolean {
  return one.key === other.key || contains(one, other) || contains(other, one);
}

function contains(outer: RootLocation, inner: RootLocation): boolean {
  if (isInside(inner.place, outer.place)) return true;
  const [around, within] = [outer.inFilesystem, inner.inFilesystem];
  if (around === null || within === null || around.device !== within.device) return false;
  return isInside(within.path, around.path);
}

/** Folders of the system, and all that lies in them: what is there are no files of people. */
const SYSTEM_FOLDERS = ['/proc', '/sys', '/dev', '/run', '/boot', '/etc'];
/** Where desktops mount disks. */
const DISKS_OF_DESKTOPS = '/run/media';

/** Whether a folder is the system's own. @param place a real path */
export function isOfSystem(place: string): boolean {
  if (place === '/') return true;
  if (place !== DISKS_OF_DESKTOPS && isInside(place, DISKS_OF_DESKTOPS)) return false;
  return SYSTEM_FOLDERS.some((folder) => isInside(place, folder));
}
