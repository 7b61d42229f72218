import { errorCode } from '../../platform/filesystem/error-code';
import type { DiskEntry } from './disk-entry';
import type { DriveRoot } from './drive-root.adapter';
import type { Place } from './index-reads.repository';
import type { OpenFolder } from './open-folder.adapter';
import type { WalkFolder } from './walk-folder';

const NOT_TO_BE_SEEN = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM'];

/** Names in a folder that are about to be looked at. */
export interface WantedNames {
  readonly folder: WalkFolder;
  readonly names: readonly string[];
}

export function placesOf({ folder, names }: WantedNames): Place[] {
  return names.map((filename) => ({ parentId: folder.id, filename }));
}

/** What bears these names now; of a folder that cannot be looked into nothing. @throws as DriveRoot.open */
export function glance(root: DriveRoot, folder: WalkFolder, names: readonly string[]): DiskEntry[] {
  let open: OpenFolder | null = null;
  try {
    const held = root.openFolder(folder.names);
    open = held;
    return names.flatMap((name) => held.stat(name) ?? []);
  } catch (error) {
    if (NOT_TO_BE_SEEN.includes(errorCode(error))) return [];
    throw error;
  } finally {
    open?.close();
  }
}
