import { mkdir, open, readdir, rename, rmdir, symlink } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import {
  ContentMissingError,
  MountedFolderError,
  NameRefusedError,
  NoLinksError,
} from '../drives.errors';
import { type Attempt, PathTakenError, type StoredEntry } from './drive-storage';
import { FOLDER_FLAGS } from './held-folder';
import type { NewEntries } from './new-entries';
import { isOneEntry, isOtherwiseNamed, lookAt, type Place, refusedName } from './place';

export const FOLDER_MODE = 0o755;
const NOT_EMPTY = ['ENOTEMPTY', 'EEXIST'];

/** @throws PathTakenError; 'again': only when something else than a folder is there */
export async function makeFolderAt(place: Place, attempt: Attempt): Promise<void> {
  try {
    await makeNamedFolder(place);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    if (attempt === 'first') throw new PathTakenError(place.name);
    const there = await lookAt(place);
    // Somebody has removed it since.
    if (there === null) throw new ContentMissingError();
    if (there.kind !== 'folder') throw new PathTakenError(place.name);
  }
}

/** @throws NameRefusedError, and the system's EEXIST */
async function makeNamedFolder(place: Place): Promise<void> {
  const at = place.folder.at(place.name);
  try {
    await mkdir(at, FOLDER_MODE);
  } catch (error) {
    throw refusedName(place.name, error) ?? error;
  }
  if (await isOtherwiseNamed(place)) {
    await rmdir(at);
    throw new NameRefusedError();
  }
}

/** Gives a folder that was made what those of the drive have, and tells what it is. */
export async function completeFolder(place: Place, made: NewEntries): Promise<StoredEntry> {
  if (!made.hasFolderAttributes) return present(place);
  const handle = await open(place.folder.at(place.name), FOLDER_FLAGS);
  try {
    await made.giveFolder(handle);
  } finally {
    await handle.close();
  }
  return present(place);
}

/** @throws PathTakenError, NoLinksError */
export async function makeLinkAt(place: Place, target: string | Buffer): Promise<StoredEntry> {
  try {
    await symlink(target, place.folder.at(place.name));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') throw new PathTakenError(place.name);
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw new NoLinksError();
    throw error;
  }
  return present(place);
}

/**
 * Renames a folder onto an empty one that was made to hold the name: the system refuses one that is not empty.
 * @throws PathTakenError, ContentMissingError, MountedFolderError
 */
export async function moveFolderWithoutReplacing(
  from: Place,
  to: Place,
  attempt: Attempt,
): Promise<void> {
  if ((await lookAt(from))?.kind !== 'folder') throw new ContentMissingError();
  if (await isOneEntry(from, to)) {
    await renameFolder(from, to);
    return;
  }
  try {
    await makeNamedFolder(to);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    if (attempt === 'first' || !(await isEmptyFolder(to))) throw new PathTakenError(to.name);
  }
  try {
    await renameFolder(from, to);
  } catch (error) {
    if (NOT_EMPTY.includes(errorCode(error))) throw new PathTakenError(to.name);
    await removeFolderIfEmpty(to);
    throw error;
  }
}

/** @throws MountedFolderError */
export async function renameFolder(from: Place, to: Place): Promise<void> {
  try {
    await rename(from.folder.at(from.name), to.folder.at(to.name));
  } catch (error) {
    if (errorCode(error) === 'EBUSY') throw new MountedFolderError();
    throw error;
  }
}

/** @returns false when something is in it */
export async function removeFolderIfEmpty({ folder, name }: Place): Promise<boolean> {
  try {
    await rmdir(folder.at(name));
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return true;
    if (NOT_EMPTY.includes(code)) return false;
    throw error;
  }
}

async function isEmptyFolder(place: Place): Promise<boolean> {
  if ((await lookAt(place))?.kind !== 'folder') return false;
  return (await readdir(place.folder.at(place.name))).length === 0;
}

async function present(place: Place): Promise<StoredEntry> {
  const entry = await lookAt(place);
  if (entry === null) throw new ContentMissingError();
  return entry;
}
