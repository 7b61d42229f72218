import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import { nameFault } from '@homeserver/dto';

import { errorCode } from '../../platform/filesystem/error-code';
import {
  ContentMissingError,
  DriveForbiddenError,
  DriveFullError,
  DriveOfflineError,
  DriveReadOnlyError,
} from '../drives.errors';
import type { Attempt, DriveStorage, StoredFile } from './drive-storage';
import { HeldFolder } from './held-folder';
import {
  FILE_MODE,
  linkWithoutReplacing,
  moveWithoutReplacing,
  removeIfThere,
  statFile,
} from './place';
import { ReadableFile } from './readable-file';
import { SharedFolders } from './shared-folders';
import { StagedFileWriter } from './staged-file-writer';

export const OWN_FOLDER = '.homeserver';
const STAGING = [OWN_FOLDER, 'staging'];
const FOLDER_MODE = 0o700;

const NOTHING_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A drive that is a folder of this machine. The steps are those of the write protocol in docs/architecture.md. */
export class PosixDriveStorage implements DriveStorage {
  private readonly shared = new SharedFolders((names) => this.hold(names));

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
    return this.inFolder(STAGING, (staging) =>
      statFile({ folder: staging, name: checked(stagedName) }),
    );
  }

  async removeStaged(stagedName: string): Promise<void> {
    await this.inFolder(STAGING, (staging) =>
      removeIfThere({ folder: staging, name: checked(stagedName) }),
    );
  }

  async listStaged(): Promise<readonly { stagedName: string; modifiedAt: Date }[]> {
    return this.inFolder(STAGING, async (staging) => {
      const found: { stagedName: string; modifiedAt: Date }[] = [];
      for (const stagedName of await readdir(staging.at('.'))) {
        const file = await statFile({ folder: staging, name: stagedName });
        if (file !== null) found.push({ stagedName, modifiedAt: file.modifiedAt });
      }
      return found;
    });
  }

  async publish(stagedName: string, target: string, attempt: Attempt = 'first'): Promise<void> {
    const { folders, name } = split(target);
    await this.inFolder(STAGING, (staging) =>
      this.inFolder(folders, async (folder) => {
        await linkWithoutReplacing(
          { folder: staging, name: checked(stagedName) },
          { folder, name },
          attempt,
        );
        await folder.sync();
      }),
    );
  }

  async stat(target: string): Promise<StoredFile | null> {
    const { folders, name } = split(target);
    try {
      return await this.inFolder(folders, (folder) => statFile({ folder, name }));
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
        await moveWithoutReplacing(
          { folder: sourceFolder, name: source.name },
          { folder: targetFolder, name: target.name },
          attempt,
        );
        await targetFolder.sync();
        await sourceFolder.sync();
      }),
    );
  }

  async remove(target: string): Promise<void> {
    const { folders, name } = split(target);
    try {
      await this.inFolder(folders, async (folder) => {
        await removeIfThere({ folder, name });
        await folder.sync();
      });
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
    }
  }

  /** Runs `work` with a folder of the drive held open; the root and our own ones are shared. */
  private inFolder<Result>(
    names: readonly string[],
    work: (folder: HeldFolder) => Promise<Result>,
  ): Promise<Result> {
    return this.guard(async () => {
      if (names.length === 0 || names[0] === OWN_FOLDER) return this.shared.use(names, work);
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

async function isAbsent(folder: string): Promise<boolean> {
  try {
    return !(await stat(folder)).isDirectory();
  } catch (error) {
    return NOTHING_THERE.includes(errorCode(error));
  }
}
