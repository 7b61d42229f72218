import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readdir, rename, unlink } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { ContentMissingError, NameRefusedError, NotAFileError } from '../drives.errors';
import { type Attempt, PathTakenError, type StoredEntry, type StoredFile } from './drive-storage';
import type { HeldFolder } from './held-folder';
import { FILE_MODE, storedEntry } from './stored-file';

const FORBIDDEN_ON_FAT = /["*/:<>?\\|]|[. ]$/;
/** What a filesystem says that has no second names for files, or not for this one. */
export const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Where a file lies, or is to lie: a name in a folder that is held open. */
export interface Place {
  readonly folder: HeldFolder;
  readonly name: string;
}

/** null when no regular file is there. */
export async function statFile(place: Place): Promise<StoredFile | null> {
  const entry = await lookAt(place);
  return entry?.kind === 'file' ? entry : null;
}

/**
 * When a file was last written to, or given a name, a mode or a time; null when no regular file is there. Nobody can
 * set it, so that a time of change that it was given does not make it old.
 */
async function changeOfFile({ folder, name }: Place): Promise<Date | null> {
  try {
    const stats = await lstat(folder.at(name));
    return stats.isFile() ? stats.ctime : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The same of all files in a folder. */
export async function changesOfFiles(
  folder: HeldFolder,
): Promise<{ name: string; changedAt: Date }[]> {
  const found: { name: string; changedAt: Date }[] = [];
  for (const name of await readdir(folder.itself)) {
    const changedAt = await changeOfFile({ folder, name });
    if (changedAt !== null) found.push({ name, changedAt });
  }
  return found;
}

/** null when nothing is there. */
export async function lookAt({ folder, name }: Place): Promise<StoredEntry | null> {
  try {
    return storedEntry(await lstat(folder.at(name), { bigint: true }));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @throws NotAFileError when a folder is there */
export async function removeIfThere({ folder, name }: Place): Promise<void> {
  try {
    await unlink(folder.at(name));
  } catch (error) {
    // POSIX says EPERM for a folder, Linux EISDIR.
    if (
      ['EISDIR', 'EPERM'].includes(errorCode(error)) &&
      (await lstat(folder.at(name))).isDirectory()
    ) {
      throw new NotAFileError();
    }
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/**
 * Gives a file a second name, replacing nothing; without links the first one is gone then.
 * @throws PathTakenError when the target bears another file
 */
export async function linkWithoutReplacing(
  from: Place,
  to: Place,
  attempt: Attempt,
): Promise<void> {
  try {
    await link(from.folder.at(from.name), to.folder.at(to.name));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') {
      if (await isSameFile(from, to)) return;
      if (attempt === 'first' || !(await isReserved(from, to))) throw new PathTakenError(to.name);
    } else {
      if (!NO_LINKS.includes(code)) throw error;
      // Or a crash could leave the reserved name, and nothing that is to get it.
      await from.folder.sync();
      await reserve(to);
    }
    await renameOverReserved(from, to);
    await syncFile(to);
  }
}

/**
 * Like linking, and the old name is gone. The new name is on the disk before the old one goes: a power
 * cut in between leaves both.
 * @throws PathTakenError, ContentMissingError
 */
export async function moveWithoutReplacing(
  from: Place,
  to: Place,
  attempt: Attempt,
): Promise<void> {
  const source = await lookAt(from);
  if (source?.kind !== 'file' && source?.kind !== 'link') throw new ContentMissingError();
  if (await isOneEntry(from, to)) {
    await rename(from.folder.at(from.name), to.folder.at(to.name));
    return;
  }
  if (source.kind === 'link') {
    await moveLink(from, to, attempt);
    return;
  }
  await linkWithoutReplacing(from, to, attempt);
  await to.folder.sync();
  await removeIfThere(from);
}

/**
 * Whether two names are one entry: equal ones, or such that the filesystem takes for equal, in another
 * case or composed otherwise. Two entries of one file are not.
 */
export async function isOneEntry(from: Place, to: Place): Promise<boolean> {
  if (!(await from.folder.isSameAs(to.folder))) return false;
  if (from.name === to.name) return true;
  // Where inodes say nothing (FAT, FUSE) only names that a filesystem may take for equal are one entry.
  const isAlike = foldedName(from.name) === foldedName(to.name);
  const isSame = isAlike ? (await lookAt(to)) !== null : await isSameFile(from, to);
  if (!isSame) return false;
  const names = await readdir(to.folder.itself);
  return !(names.includes(from.name) && names.includes(to.name));
}

function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

async function isSameFile(from: Place, to: Place): Promise<boolean> {
  const [one, other] = await Promise.all([lookAt(from), lookAt(to)]);
  return one !== null && other !== null && one.inode === other.inode && one.kind === other.kind;
}

/** A symbolic link gets no second name, for some systems follow it then: it is renamed over an empty file. */
async function moveLink(from: Place, to: Place, attempt: Attempt): Promise<void> {
  try {
    await reserve(to);
  } catch (error) {
    const isLeft = attempt === 'again' && (await statFile(to))?.size === 0;
    if (!(error instanceof PathTakenError) || !isLeft) throw error;
  }
  await renameOverReserved(from, to);
}

/** Takes a name on a filesystem without links (exFAT): an empty file shows there for an instant. */
async function reserve(place: Place): Promise<void> {
  const { folder, name } = place;
  try {
    const handle = await open(folder.at(name), 'wx', FILE_MODE);
    await handle.close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new PathTakenError(name);
    throw refusedName(name, error) ?? error;
  }
  if (await isOtherwiseNamed(place)) {
    await removeIfThere(place);
    throw new NameRefusedError();
  }
}

/** FAT forbids some characters, and says so in several ways. null: it is about something else */
export function refusedName(name: string, error: unknown): NameRefusedError | null {
  const isRefused = ['EINVAL', 'ENOENT'].includes(errorCode(error)) && FORBIDDEN_ON_FAT.test(name);
  return isRefused ? new NameRefusedError() : null;
}

/** FAT drops dots and spaces at the end of a name: what was made under it bears another one then. */
export async function isOtherwiseNamed({ folder, name }: Place): Promise<boolean> {
  return /[. ]$/.test(name) && !(await readdir(folder.itself)).includes(name);
}

/** Whether a crash left a name reserved: an empty file bears it, on a filesystem without links. */
async function isReserved(from: Place, to: Place): Promise<boolean> {
  if ((await statFile(to))?.size !== 0) return false;
  const probe = { folder: from.folder, name: `.homeserver-${randomUUID()}` };
  try {
    await link(from.folder.at(from.name), probe.folder.at(probe.name));
  } catch (error) {
    if (NO_LINKS.includes(errorCode(error))) return true;
    throw error;
  }
  await removeIfThere(probe);
  return false;
}

/** A rename on FAT changes the file, not its folder: only this writes there where its bytes lie, and how many. */
export async function syncFile({ folder, name }: Place): Promise<void> {
  const handle = await open(folder.at(name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function renameOverReserved(from: Place, to: Place): Promise<void> {
  try {
    await rename(from.folder.at(from.name), to.folder.at(to.name));
  } catch (error) {
    await removeIfThere(to);
    throw error;
  }
}
