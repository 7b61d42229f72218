import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import path from 'node:path';

import { nameFault } from '@homeserver/dto';

import { errorCode } from '../../platform/filesystem/error-code';
import {
  ContentMissingError,
  DriveForbiddenError,
  DriveFullError,
  DriveOfflineError,
  DriveReadOnlyError,
  NotAFileError,
} from '../drives.errors';
import { type Attempt, type DriveStorage, PathTakenError, type StoredFile } from './drive-storage';
import { HeldFolder } from './held-folder';
import { ReadableFile } from './readable-file';
import { StagedFileWriter } from './staged-file-writer';

export const OWN_FOLDER = '.homeserver';
const STAGING = [OWN_FOLDER, 'staging'];
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o700;

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
const NOTHING_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A drive that is a folder of this machine. The steps are those of the write protocol in docs/architecture.md. */
export class PosixDriveStorage implements DriveStorage {
  constructor(
    private readonly name: string,
    private readonly root: string,
  ) {}

  /** Makes the folders that staging needs. Only for a drive that is known to be the right one. */
  async prepare(): Promise<void> {
    await mkdir(path.join(this.root, ...STAGING), { recursive: true, mode: FOLDER_MODE });
  }

  async freeBytes(): Promise<number> {
    return this.inFolder([], async (root) => {
      const { bavail, bsize } = await statfs(root.at('.'));
      return bavail * bsize;
    });
  }

  async stage(stagedName: string): Promise<StagedFileWriter> {
    return this.inFolder(STAGING, async (staging) => {
      const flags =
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const handle = await open(staging.at(checked(stagedName)), flags, FILE_MODE);
      const syncFolder = () => this.inFolder(STAGING, (folder) => folder.sync());
      return new StagedFileWriter(handle, syncFolder, (error) => this.translate(error));
    });
  }

  async statStaged(stagedName: string): Promise<StoredFile | null> {
    return this.inFolder(STAGING, (staging) => statFile(staging, checked(stagedName)));
  }

  async removeStaged(stagedName: string): Promise<void> {
    await this.inFolder(STAGING, (staging) => removeIfThere(staging, checked(stagedName)));
  }

  async listStaged(): Promise<readonly { stagedName: string; modifiedAt: Date }[]> {
    return this.inFolder(STAGING, async (staging) => {
      const found: { stagedName: string; modifiedAt: Date }[] = [];
      for (const stagedName of await readdir(staging.at('.'))) {
        const file = await statFile(staging, stagedName);
        if (file !== null) found.push({ stagedName, modifiedAt: file.modifiedAt });
      }
      return found;
    });
  }

  async publish(stagedName: string, target: string, attempt: Attempt = 'first'): Promise<void> {
    const { folders, name } = split(target);
    await this.inFolder(STAGING, (staging) =>
      this.inFolder(folders, async (folder) => {
        await linkWithoutReplacing(staging, checked(stagedName), folder, name, attempt);
        await folder.sync();
      }),
    );
  }

  async stat(target: string): Promise<StoredFile | null> {
    const { folders, name } = split(target);
    try {
      return await this.inFolder(folders, (folder) => statFile(folder, name));
    } catch (error) {
      if (error instanceof ContentMissingError) return null;
      throw error;
    }
  }

  async open(target: string): Promise<ReadableFile> {
    const { folders, name } = split(target);
    return this.inFolder(folders, async (folder) => {
      // O_NONBLOCK: a pipe that somebody left there would else block us for ever.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const handle = await openUnlessSocket(folder.at(name), flags);
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) {
        await handle.close();
        throw new ContentMissingError();
      }
      return new ReadableFile(handle, Number(stats.size), stats.mtime, stats.ino);
    });
  }

  async move(from: string, to: string, attempt: Attempt = 'first'): Promise<void> {
    const source = split(from);
    const target = split(to);
    await this.inFolder(source.folders, (sourceFolder) =>
      this.inFolder(target.folders, async (targetFolder) => {
        await moveWithoutReplacing(sourceFolder, source.name, targetFolder, target.name, attempt);
        await targetFolder.sync();
        await sourceFolder.sync();
      }),
    );
  }

  async remove(target: string): Promise<void> {
    const { folders, name } = split(target);
    try {
      await this.inFolder(folders, async (folder) => {
        await removeIfThere(folder, name);
        await folder.sync();
      });
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
    }
  }

  /** Runs `work` with a folder of the drive held open. */
  private inFolder<Result>(
    names: readonly string[],
    work: (folder: HeldFolder) => Promise<Result>,
  ): Promise<Result> {
    return this.guard(async () => {
      const folder = await this.hold(names);
      try {
        return await work(folder);
      } finally {
        await folder.close();
      }
    });
  }

  /** A drive without its root or its staging folder is not there, whatever else lies in its place. */
  private async hold(names: readonly string[]): Promise<HeldFolder> {
    try {
      return await HeldFolder.open(this.root, names);
    } catch (error) {
      const isOurs = names[0] === OWN_FOLDER || (await isAbsent(this.root));
      throw isOurs && NOTHING_THERE.includes(errorCode(error))
        ? new DriveOfflineError(this.name)
        : error;
    }
  }

  private async guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.translate(error);
    }
  }

  private translate(error: unknown): Error {
    const code = errorCode(error);
    if (NO_SPACE.includes(code)) return new DriveFullError(this.name, error);
    if (['EIO', 'ENODEV', 'ENXIO', 'ESTALE'].includes(code))
      return new DriveOfflineError(this.name);
    if (code === 'EROFS') return new DriveReadOnlyError(this.name);
    if (['EACCES', 'EPERM'].includes(code)) return new DriveForbiddenError(this.name, error);
    if (NOTHING_THERE.includes(code)) return new ContentMissingError();
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The folders and the name of a path. @throws Error when a part is no name: a fault of ours, input was checked before */
function split(target: string): { folders: string[]; name: string } {
  const names = target.split('/');
  for (const part of names) checked(part);
  const name = names.pop() ?? '';
  return { folders: names, name };
}

function checked(name: string): string {
  const fault = nameFault(name);
  if (fault !== null) throw new Error(`Not a name on a drive: ${JSON.stringify(name)}`);
  return name;
}

async function openUnlessSocket(place: string, flags: number): Promise<FileHandle> {
  try {
    return await open(place, flags);
  } catch (error) {
    // Of a socket, which cannot be opened; of a disk it would mean that it is gone.
    if (errorCode(error) === 'ENXIO') throw new ContentMissingError();
    throw error;
  }
}

async function statFile(folder: HeldFolder, name: string): Promise<StoredFile | null> {
  try {
    const stats = await lstat(folder.at(name), { bigint: true });
    return stats.isFile()
      ? { size: Number(stats.size), modifiedAt: stats.mtime, inode: stats.ino }
      : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function isAbsent(folder: string): Promise<boolean> {
  try {
    return !(await stat(folder)).isDirectory();
  } catch (error) {
    return NOTHING_THERE.includes(errorCode(error));
  }
}

async function removeIfThere(folder: HeldFolder, name: string): Promise<void> {
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

async function linkWithoutReplacing(
  from: HeldFolder,
  source: string,
  to: HeldFolder,
  target: string,
  attempt: Attempt,
): Promise<void> {
  try {
    await link(from.at(source), to.at(target));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') {
      if (await isSameFile(from, source, to, target)) return;
      if (attempt === 'first' || !(await isReservation(from, source, to, target)))
        throw new PathTakenError(target);
    } else {
      if (!NO_LINKS.includes(code)) throw error;
      await reserve(to, target);
    }
    try {
      await rename(from.at(source), to.at(target));
    } catch (renameError) {
      await removeIfThere(to, target);
      throw renameError;
    }
  }
}

/** Whether a crash left a name reserved: an empty file bears it, on a filesystem without links. */
async function isReservation(
  from: HeldFolder,
  source: string,
  to: HeldFolder,
  target: string,
): Promise<boolean> {
  if ((await statFile(to, target))?.size !== 0) return false;
  const probe = `.homeserver-${randomUUID()}`;
  try {
    await link(from.at(source), from.at(probe));
  } catch (error) {
    if (NO_LINKS.includes(errorCode(error))) return true;
    throw error;
  }
  await removeIfThere(from, probe);
  return false;
}

/**
 * Like linking, and the old name is gone. The new name is on the disk before the old one goes: a power
 * cut in between leaves both.
 */
async function moveWithoutReplacing(
  from: HeldFolder,
  source: string,
  to: HeldFolder,
  target: string,
  attempt: Attempt,
): Promise<void> {
  if ((await statFile(from, source)) === null) throw new ContentMissingError();
  if (await isOneEntry(from, source, to, target)) {
    await rename(from.at(source), to.at(target));
    return;
  }
  await linkWithoutReplacing(from, source, to, target, attempt);
  await to.sync();
  await removeIfThere(from, source);
}

/**
 * Whether two names are one entry: equal ones, or such that the filesystem takes for equal, in another
 * case or composed otherwise. Two entries of one file are not.
 */
async function isOneEntry(
  from: HeldFolder,
  source: string,
  to: HeldFolder,
  target: string,
): Promise<boolean> {
  if (!(await from.isSameAs(to))) return false;
  if (source === target) return true;
  if (!(await isSameFile(from, source, to, target))) return false;
  const names = await readdir(to.at('.'));
  return !(names.includes(source) && names.includes(target));
}

async function isSameFile(
  from: HeldFolder,
  source: string,
  to: HeldFolder,
  target: string,
): Promise<boolean> {
  const [one, other] = await Promise.all([statFile(from, source), statFile(to, target)]);
  return one !== null && other !== null && one.inode === other.inode;
}

/** Takes a name on a filesystem without links (exFAT): an empty file shows there for an instant. */
async function reserve(folder: HeldFolder, name: string): Promise<void> {
  try {
    const handle = await open(folder.at(name), 'wx', FILE_MODE);
    await handle.close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new PathTakenError(name);
    throw error;
  }
}
