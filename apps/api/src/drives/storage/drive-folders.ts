import { stat } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { DriveOfflineError } from '../drives.errors';
import type { Attempt } from './drive-storage';
import { HeldFolder } from './held-folder';
import { STAGING } from './own-folder';
import { SharedFolders } from './shared-folders';
import { NOTHING_THERE, toStorageError } from './storage-errors';
import { OWN_FOLDER } from '../../platform/filesystem/own-folder';

/** Opens the folders of one drive. What goes wrong is told as DriveStorage tells it. */
export class DriveFolders {
  private readonly shared = new SharedFolders((names) => this.open(names));

  /** @param name of the drive, for those who are told */
  constructor(
    private readonly name: string,
    private readonly root: string,
  ) {}

  /**
   * Runs `work` with a folder of the drive held open; the root and our own ones are shared.
   * @param attempt 'again': any is shared. After a crash many files are given their names in few folders, and nobody
   * moves those.
   */
  use<Result>(
    names: readonly string[],
    work: (folder: HeldFolder) => Promise<Result>,
    attempt: Attempt = 'first',
  ): Promise<Result> {
    const isShared = attempt === 'again' || names.length === 0 || names[0] === OWN_FOLDER;
    return this.guard(async () => {
      if (isShared) return this.shared.use(names, work);
      const folder = await this.open(names);
      try {
        return await work(folder);
      } finally {
        await folder.close();
      }
    });
  }

  /** Whoever holds it closes it. */
  hold(names: readonly string[]): Promise<HeldFolder> {
    return this.guard(() => this.open(names));
  }

  async guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.translate(error);
    }
  }

  translate(error: unknown): Error {
    return toStorageError(this.name, error);
  }

  /** A drive without its root or its staging folder is not there, whatever else lies in its place. */
  private async open(names: readonly string[]): Promise<HeldFolder> {
    try {
      return await HeldFolder.open(this.root, names);
    } catch (error) {
      const isGone = isOwnFolder(names) || (await isAbsent(this.root));
      throw isGone && NOTHING_THERE.includes(errorCode(error))
        ? new DriveOfflineError(this.name)
        : error;
    }
  }
}

/** Whether it is one of those that every drive of ours has; what is in them comes and goes. */
function isOwnFolder(names: readonly string[]): boolean {
  return names[0] === OWN_FOLDER && names.length <= STAGING.length;
}

async function isAbsent(folder: string): Promise<boolean> {
  try {
    return !(await stat(folder)).isDirectory();
  } catch (error) {
    return NOTHING_THERE.includes(errorCode(error));
  }
}
