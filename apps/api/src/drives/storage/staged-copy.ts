import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, unlink } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import type { FileAttributes, StoredFile } from './drive-storage';
import type { GivableFile } from './file-descriptor';
import type { Place } from './place';
import type { ReadableFile } from './readable-file';
import { storedFile } from './stored-file';

const PERMISSIONS = 0o777;
/** Filesystems without modes, or without our right to set them, say so; a copy there is none the worse. */
export const NO_MODES = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];
/** Filesystems that cannot share blocks, other filesystems, files that they make an exception of. */
const NO_CLONES = [
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
  'EINVAL',
  'ENOTTY',
  'EPERM',
  'ETXTBSY',
];

/** Gives a copy the mode and the time of its original, before it is synced; or only one of them. */
export async function giveAttributes(
  handle: GivableFile,
  { mode, modifiedAt }: Partial<FileAttributes>,
): Promise<void> {
  for (const give of [
    async () => (mode === undefined ? undefined : handle.chmod(mode & PERMISSIONS)),
    async () =>
      modifiedAt === undefined ? undefined : handle.utimes(new Date(), secondsOf(modifiedAt)),
  ]) {
    try {
      await give();
    } catch (error) {
      if (!NO_MODES.includes(errorCode(error))) throw error;
    }
  }
}

/**
 * The system takes a fraction of seconds and cuts it off: a few microseconds more keep the millisecond from becoming
 * the one before.
 */
function secondsOf(time: Date): number | Date {
  // Node takes a negative number for the present.
  if (time.getTime() < 0) return time;
  return (time.getTime() + 0.01) / 1000;
}

/**
 * Makes a copy that shares its blocks with the original.
 * @param give gives it what else it is to have, before it is synced
 * @returns null where that cannot be; nothing is there then
 */
export async function cloneFile(
  to: Place,
  original: ReadableFile,
  give: (handle: FileHandle) => Promise<void>,
): Promise<StoredFile | null> {
  if (original.path === null) return null;
  const at = to.folder.at(to.name);
  try {
    await copyFile(original.path, at, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
  } catch (error) {
    if (!NO_CLONES.includes(errorCode(error))) throw error;
    await unlink(at).catch(() => undefined); // it may not have been made at all
    return null;
  }
  const handle = await open(at, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await give(handle);
    await handle.sync();
    return storedFile(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}
