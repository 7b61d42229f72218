import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import { nameFault } from '@homeserver/dto';

import { errorCode } from '../../platform/filesystem/error-code';
import { bytesOfName } from '../../platform/filesystem/name-bytes';
import {
  ContentMissingError,
  DriveForbiddenError,
  DriveFullError,
  DriveOfflineError,
  DriveReadOnlyError,
  OtherFilesystemError,
} from '../drives.errors';
import { DiscardedFolder } from './discarded-folder';
import type {
  Attempt,
  DriveSpace,
  DriveStorage,
  FileAttributes,
  StoredEntry,
  StoredFile,
} from './drive-storage';
import {
  makeFolderAt,
  makeLinkAt,
  moveFolderWithoutReplacing,
  removeFolderIfEmpty,
  renameFolder,
} from './folder-place';
import { HeldFolder } from './held-folder';
import { requireNothingMounted } from './mounted-below';
import {
  FILE_MODE,
  linkWithoutReplacing,
  lookAt,
  moveWithoutReplacing,
  type Place,
  removeIfThere,
  statFile,
  storedFile,
} from './place';
import { ReadableFile } from './readable-file';
import { SharedFolders } from './shared-folders';
import { cloneFile } from './staged-copy';
import { StagedFileWriter } from './staged-file-writer';

export const OWN_FOLDER = '.homeserver';
const STAGING = [OWN_FOLDER, 'staging'];
/** Where folders lie that were deleted, until their bytes are removed. */
const DISCARDED = [OWN_FOLDER, 'removed'];
const OWN_FOLDER_MODE = 0o700;

const NOTHING_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];
const BROKEN_BYTE = /[\uef80-\uefff]/g;
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
    for (const names of [STAGING, DISCARDED])
      await mkdir(path.join(this.root, ...names), { recursive: true, mode: OWN_FOLDER_MODE });
  }

  async space(): Promise<DriveSpace> {
    return this.inFolder([], async (root) => {
      const { bavail, blocks, bsize } = await statfs(root.itself);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    });
  }

  async stage(stagedName: string, attributes?: FileAttributes): Promise<StagedFileWriter> {
    return this.inFolder(STAGING, async (staging) => {
      const flags =
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const handle = await open(staging.at(checked(stagedName)), flags, FILE_MODE);
      const syncFolder = () => this.inFolder(STAGING, (folder) => folder.sync());
      const translate = (error: unknown) => this.translate(error);
      return new StagedFileWriter(handle, syncFolder, translate, attributes);
    });
  }

  async stageClone(
    stagedName: string,
    original: ReadableFile,
    attributes: FileAttributes,
  ): Promise<StoredFile | null> {
    return this.inFolder(STAGING, async (staging) => {
      const place = { folder: staging, name: checked(stagedName) };
      const clone = await cloneFile(place, original, attributes);
      if (clone !== null) await staging.sync();
      return clone;
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
      for (const stagedName of await readdir(staging.itself)) {
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
    return ifThere(this.at(target, statFile), null);
  }

  async look(target: string): Promise<StoredEntry | null> {
    return ifThere(this.at(target, lookAt), null);
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
      return new ReadableFile(handle, storedFile(stats), Number(stats.mode));
    });
  }

  async move(from: string, to: string, attempt: Attempt = 'first'): Promise<void> {
    await this.atBoth(from, to, (source, target) => moveWithoutReplacing(source, target, attempt));
  }

  async remove(target: string): Promise<void> {
    await ifThere(this.change(target, removeIfThere), undefined);
  }

  async makeLink(target: string, pointsTo: string): Promise<StoredEntry> {
    return this.change(target, (place) => makeLinkAt(place, bytesOfName(pointsTo)));
  }

  async makeFolder(target: string, attempt: Attempt = 'first'): Promise<StoredEntry> {
    return this.change(target, (place) => makeFolderAt(place, attempt));
  }

  async moveFolder(from: string, to: string, attempt: Attempt = 'first'): Promise<void> {
    await this.atBoth(from, to, async (source, target) => {
      if ((await lookAt(source))?.kind === 'folder')
        await requireNothingMounted(source.folder.at(source.name));
      await moveFolderWithoutReplacing(source, target, attempt);
    });
  }

  async removeEmptyFolder(target: string): Promise<boolean> {
    return ifThere(this.change(target, removeFolderIfEmpty), true);
  }

  async discardFolder(target: string, discardedName: string): Promise<void> {
    const discarded = [...DISCARDED, checked(discardedName)].join('/');
    const move = this.atBoth(target, discarded, async (source, destination) => {
      await requireNothingMounted(source.folder.at(source.name));
      await renameFolder(source, destination);
    });
    await ifThere(move, undefined);
  }

  async listDiscarded(): Promise<string[]> {
    return this.inFolder(DISCARDED, (folder) => readdir(folder.itself));
  }

  async removeDiscarded(
    discardedName: string,
    signal: AbortSignal,
    onRemoved: (count: number) => void,
  ): Promise<void> {
    await this.inFolder(DISCARDED, async (folder) => {
      const place = { folder, name: checked(discardedName) };
      if ((await lookAt(place)) === null) return;
      await requireNothingMounted(folder.at(place.name));
      const { dev } = await folder.stat();
      const discarded = new DiscardedFolder(dev, signal, onRemoved);
      await discarded.remove(Buffer.from(folder.at(place.name)));
      await folder.sync();
    });
  }

  /** Does something where a path leads. */
  private at<Result>(target: string, work: (place: Place) => Promise<Result>): Promise<Result> {
    const { folders, name } = split(target);
    return this.inFolder(folders, (folder) => work({ folder, name }));
  }

  /** The same for a change, which is on the disk then. */
  private change<Result>(target: string, work: (place: Place) => Promise<Result>): Promise<Result> {
    return this.at(target, async (place) => {
      const result = await work(place);
      await place.folder.sync();
      return result;
    });
  }

  private async atBoth(
    from: string,
    to: string,
    work: (source: Place, target: Place) => Promise<void>,
  ): Promise<void> {
    await this.at(from, (source) =>
      this.at(to, async (target) => {
        await work(source, target);
        await target.folder.sync();
        await source.folder.sync();
      }),
    );
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
    if (code === 'EXDEV') return new OtherFilesystemError();
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
  // A byte that is no UTF-8 is one of ours, however long its character: see name-bytes.
  const fault = nameFault(name.replace(BROKEN_BYTE, 'x'));
  if (fault !== null) throw new Error(`Not a name on a drive: ${JSON.stringify(name)}`);
  return name;
}

/** @param absent what it comes to where nothing is there, or not even the folder of it */
async function ifThere<Result>(work: Promise<Result>, absent: Result): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ContentMissingError) return absent;
    throw error;
  }
}

async function openUnlessSocket(place: string | Buffer, flags: number): Promise<FileHandle> {
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
