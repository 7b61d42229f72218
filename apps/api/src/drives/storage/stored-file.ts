import { type BigIntStats, constants } from 'node:fs';

import type { StoredEntry, StoredFile } from './drive-storage';

export const FILE_MODE = 0o644;
/** Makes a file where nothing is, not even a link. */
export const NEW_FILE_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export function storedEntry(stats: BigIntStats): StoredEntry {
  return { kind: kindOf(stats), ...storedFile(stats) };
}

export function storedFile(stats: BigIntStats): StoredFile {
  return {
    size: Number(stats.size),
    modifiedAt: stats.mtime,
    inode: stats.ino,
    birthNs: stats.birthtimeNs > 0n ? stats.birthtimeNs : null,
  };
}

function kindOf(stats: BigIntStats): StoredEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
