import { chmod, link, lstat, rename } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { ContentMissingError } from '../drives.errors';
import { type Attempt, PathTakenError, type StoredFile } from './drive-storage';
import type { HeldFolder } from './held-folder';
import { openFile } from './open-files';
import {
  linkWithoutReplacing,
  lookAt,
  NO_LINKS,
  type Place,
  removeIfThere,
  statFile,
  syncFile,
} from './place';
import { cloneFile, giveAttributes, NO_MODES } from './staged-copy';

const PERMISSIONS = 0o777;
const TURNS = 10;

/** What takes part when a file gets another content. */
export interface Replacement {
  readonly staged: Place;
  readonly final: Place;
  /** Where the earlier content is kept. */
  readonly kept: Place;
}

/**
 * Keeps what bears the final name, then renames the staged file over it. What is kept is on the disk before anything
 * takes its place. See DriveStorage.replace.
 * @throws PathTakenError, ContentMissingError
 */
export async function replaceFile(
  replacement: Replacement,
  attempt: Attempt,
): Promise<StoredFile | null> {
  const { staged, final, kept } = replacement;
  const there = await lookAt(final);
  if (there !== null && there.kind !== 'file') throw new PathTakenError(final.name);
  const source = await statFile(staged);
  if (source === null) {
    if (attempt === 'first' || there === null) throw new ContentMissingError();
    return statFile(kept);
  }
  // It has got its second name already.
  if (there !== null && there.inode !== null && there.inode === source.inode) return statFile(kept);
  if (there !== null && (await statFile(kept)) === null) {
    await giveMode(staged, final);
    await keep(replacement);
  }
  const known = await statFile(kept);
  if (known === null) await linkWithoutReplacing(staged, final, attempt);
  // Not by a name that is reserved first: who opens it then would read an empty file.
  else {
    await renamePlace(staged, final);
    await syncFile(final);
  }
  return known;
}

/**
 * Whoever removes the last of the earlier contents removes their folder, too, also under the hands of who keeps another
 * one there: that begins anew.
 */
export async function againWhileGone<Result>(replace: () => Promise<Result>): Promise<Result> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await replace();
    } catch (error) {
      if (!(error instanceof ContentMissingError) || turn === TURNS) throw error;
    }
  }
}

/** By a second name, by shared blocks, or else by the only name that it has. */
async function keep({ staged, final, kept }: Replacement): Promise<void> {
  try {
    await link(final.folder.at(final.name), kept.folder.at(kept.name));
  } catch (error) {
    if (!NO_LINKS.includes(errorCode(error))) throw error;
    if (!(await clone(final, kept, staged.folder))) await renamePlace(final, kept);
  }
  await kept.folder.sync();
}

/** Under its name only when it is whole. @returns false where the filesystem shares no blocks */
async function clone(from: Place, to: Place, staging: HeldFolder): Promise<boolean> {
  const half = { folder: staging, name: to.name };
  await removeIfThere(half);
  const file = await openFile(from);
  try {
    const cloned = await cloneFile(half, file, (handle) => giveAttributes(handle, file.attributes));
    if (cloned !== null) await renamePlace(half, to);
    return cloned !== null;
  } finally {
    await file.close();
  }
}

/** Whoever could read, or run, the earlier content can do so with the new one, and nobody else. */
async function giveMode(staged: Place, final: Place): Promise<void> {
  const wanted = (await lstat(final.folder.at(final.name))).mode & PERMISSIONS;
  const at = staged.folder.at(staged.name);
  if (((await lstat(at)).mode & PERMISSIONS) === wanted) return;
  try {
    await chmod(at, wanted);
  } catch (error) {
    if (!NO_MODES.includes(errorCode(error))) throw error;
  }
}

async function renamePlace(from: Place, to: Place): Promise<void> {
  await rename(from.folder.at(from.name), to.folder.at(to.name));
}
