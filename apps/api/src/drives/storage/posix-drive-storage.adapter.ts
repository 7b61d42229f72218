import { type FileHandle, open, readdir, statfs } from 'node:fs/promises';

import { bytesOfName } from '../../platform/filesystem/name-bytes';
import { DriveReadOnlyError } from '../drives.errors';
import { removeDiscarded } from './discarded-folder';
import { DriveFolders } from './drive-folders';
import { checkedName, namesOf, splitPath } from './drive-path';
import type {
  Attempt,
  DriveSpace,
  DriveStorage,
  FileAttributes,
  ReadableFolder,
  StoredEntry,
  StoredFile,
} from './drive-storage';
import {
  completeFolder,
  makeFolderAt,
  makeLinkAt,
  moveFolderWithoutReplacing,
  removeFolderIfEmpty,
  renameFolder,
} from './folder-place';
import type { HeldFolder } from './held-folder';
import { requireNothingMounted } from './mounted-below';
import { NewEntries } from './new-entries';
import { DISCARDED, makeOwnFolders, STAGING } from './own-folder';
import {
  changesOfFiles,
  linkWithoutReplacing,
  lookAt,
  moveWithoutReplacing,
  type Place,
  removeIfThere,
  statFile,
} from './place';
import { openFile, openStagedPart, sealFile } from './open-files';
import type { ReadableBytes, ReadableFile } from './readable-file';
import { againWhileGone, replaceFile } from './replaced-file';
import { GatheredSmallFiles } from './gathered-small-files';
import { SmallFilesThread } from './small-files-thread.adapter';
import { cloneFile } from './staged-copy';
import { ifThere } from './storage-errors';
import { FILE_MODE, NEW_FILE_FLAGS } from './stored-file';
import { StagedFileWriter, type WrittenFile } from './staged-file-writer';
import { type PartStart, StagedPartWriter } from './staged-part-writer';
import { StagedSmallFiles } from './staged-small-files';

/** A drive that is a folder of this machine. The steps are those of the write protocol in docs/architecture.md. */
export class PosixDriveStorage implements DriveStorage {
  private readonly folders: DriveFolders;
  private readonly smallFiles = new SmallFilesThread();
  private readonly gathered: GatheredSmallFiles;
  private readonly staged: StagedSmallFiles;

  constructor(
    private readonly name: string,
    private readonly root: string,
    private readonly isReadOnly = false,
    private readonly made = new NewEntries(),
  ) {
    this.folders = new DriveFolders(name, root);
    this.gathered = new GatheredSmallFiles(this.folders, this.smallFiles);
    this.staged = new StagedSmallFiles(this.folders, new SmallFilesThread(), this.made);
  }

  /** Makes the folders that staging needs. Only for a drive that is known to be the right one. */
  async prepare(): Promise<void> {
    await makeOwnFolders(this.root);
  }

  async space(): Promise<DriveSpace> {
    return this.inFolder([], async (root) => {
      const { bavail, blocks, bsize } = await statfs(root.itself);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    });
  }

  async stage(stagedName: string, attributes?: Partial<FileAttributes>): Promise<StagedFileWriter> {
    return this.inStaging(async (staging) => {
      const handle = await this.makeStaged(staging, stagedName);
      return new StagedFileWriter(handle, this.translate, attributes);
    });
  }

  async stageSmall(
    stagedName: string,
    bytes: Buffer,
    attributes: Partial<FileAttributes> = {},
  ): Promise<WrittenFile> {
    this.requireNotReadOnly();
    return this.folders.guard(() => this.staged.stage(stagedName, bytes, attributes));
  }

  async stagePart(stagedName: string, start: PartStart): Promise<StagedPartWriter> {
    return this.inStaging(async (staging) => {
      const place = { folder: staging, name: checkedName(stagedName) };
      const isNew = start.position === 0 && (await statFile(place)) === null;
      const handle = isNew
        ? await this.makeStaged(staging, stagedName)
        : await openStagedPart(place, start.position);
      return new StagedPartWriter(handle, this.syncStaging, this.translate, start);
    });
  }

  async openStaged(stagedName: string): Promise<ReadableFile> {
    return this.inFolder(STAGING, (staging) =>
      openFile({ folder: staging, name: checkedName(stagedName) }),
    );
  }

  async sealStaged(stagedName: string, attributes: Partial<FileAttributes>): Promise<StoredFile> {
    return this.inStaging(async (staging) => {
      const sealed = await sealFile({ folder: staging, name: checkedName(stagedName) }, attributes);
      await staging.sync();
      return sealed;
    });
  }

  async stageClone(
    stagedName: string,
    original: ReadableFile,
    attributes: FileAttributes,
  ): Promise<StoredFile | null> {
    return this.inStaging(async (staging) => {
      const place = { folder: staging, name: checkedName(stagedName) };
      const give = (handle: FileHandle) => this.made.giveFile(handle, attributes);
      const clone = await cloneFile(place, original, give);
      if (clone !== null) await staging.sync();
      return clone;
    });
  }

  async statStaged(stagedName: string): Promise<StoredFile | null> {
    if (this.isReadOnly) return null;
    return this.inFolder(STAGING, (staging) =>
      statFile({ folder: staging, name: checkedName(stagedName) }),
    );
  }

  async removeStaged(stagedName: string): Promise<void> {
    await this.inStaging((staging) =>
      removeIfThere({ folder: staging, name: checkedName(stagedName) }),
    );
  }

  async listStaged(): Promise<readonly { stagedName: string; changedAt: Date }[]> {
    if (this.isReadOnly) return [];
    const changes = await this.inFolder(STAGING, changesOfFiles);
    return changes.map(({ name, changedAt }) => ({ stagedName: name, changedAt }));
  }

  async publish(stagedName: string, target: string, attempt: Attempt = 'first'): Promise<void> {
    await this.inStaging((staging) => {
      const staged = { folder: staging, name: checkedName(stagedName) };
      return this.change(target, (final) => linkWithoutReplacing(staged, final, attempt), attempt);
    });
  }

  async publishAndUnstage(stagedName: string, target: string): Promise<void> {
    this.requireNotReadOnly();
    if (await this.folders.guard(() => this.staged.publish(stagedName, target))) return;
    await this.publish(stagedName, target);
    // It has its name: one that stays is removed by recovery.
    await this.removeStaged(stagedName).catch(() => undefined);
  }

  async replace(
    stagedName: string,
    target: string,
    keptPath: string,
    attempt: Attempt = 'first',
  ): Promise<StoredFile | null> {
    const { folders, name } = splitPath(keptPath);
    return againWhileGone(async () => {
      await this.makeFolder(folders.join('/'), 'again');
      return this.inStaging((staging) =>
        this.inFolder(folders, (keptFolder) =>
          this.at(target, async (final) => {
            const staged = { folder: staging, name: checkedName(stagedName) };
            const places = { staged, final, kept: { folder: keptFolder, name } };
            const kept = await replaceFile(places, attempt);
            await final.folder.sync();
            await staging.sync();
            return kept;
          }),
        ),
      );
    });
  }

  async stat(target: string): Promise<StoredFile | null> {
    return ifThere(this.at(target, statFile), null);
  }

  async look(target: string, attempt?: Attempt): Promise<StoredEntry | null> {
    return ifThere(this.at(target, lookAt, attempt), null);
  }

  async open(target: string): Promise<ReadableFile> {
    return this.at(target, openFile);
  }

  async readSmall(target: string): Promise<ReadableBytes | null> {
    return this.gathered.read(target);
  }

  async holdFolder(target: string): Promise<ReadableFolder> {
    const folder = await this.folders.hold(target === '' ? [] : namesOf(target));
    return {
      open: (name) => this.folders.guard(() => openFile({ folder, name: checkedName(name) })),
      readSmall: (files, room) =>
        this.smallFiles.read(
          files.map(({ name, gap }) => ({ path: folder.at(checkedName(name)), gap })),
          room,
        ),
      close: () => folder.close(),
    };
  }

  async move(from: string, to: string, attempt: Attempt = 'first'): Promise<void> {
    const step = (source: Place, target: Place) => moveWithoutReplacing(source, target, attempt);
    await this.atBoth(from, to, step, attempt);
  }

  async remove(target: string, attempt?: Attempt): Promise<void> {
    await ifThere(this.change(target, removeIfThere, attempt), undefined);
  }

  async makeLink(target: string, pointsTo: string): Promise<StoredEntry> {
    return this.change(target, (place) => makeLinkAt(place, bytesOfName(pointsTo)));
  }

  async makeFolder(target: string, attempt: Attempt = 'first'): Promise<StoredEntry> {
    return this.change(target, async (place) => {
      await makeFolderAt(place, attempt);
      return completeFolder(place, this.made);
    });
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
    const discarded = [...DISCARDED, checkedName(discardedName)].join('/');
    const move = this.atBoth(target, discarded, async (source, destination) => {
      await requireNothingMounted(source.folder.at(source.name));
      await renameFolder(source, destination);
    });
    await ifThere(move, undefined);
  }

  async listDiscarded(): Promise<string[]> {
    if (this.isReadOnly) return [];
    return this.inFolder(DISCARDED, (folder) => readdir(folder.itself));
  }

  async removeDiscarded(
    discardedName: string,
    signal: AbortSignal,
    onRemoved: (count: number) => void,
  ): Promise<void> {
    await this.inFolder(DISCARDED, (folder) =>
      removeDiscarded({ folder, name: checkedName(discardedName) }, signal, onRemoved),
    );
  }

  private readonly syncStaging = (): Promise<void> =>
    this.inFolder(STAGING, (folder) => folder.sync());

  private async makeStaged(staging: HeldFolder, stagedName: string): Promise<FileHandle> {
    const handle = await open(staging.at(checkedName(stagedName)), NEW_FILE_FLAGS, FILE_MODE);
    await this.made.giveFile(handle);
    return handle;
  }

  /** Does something where a path leads. */
  private at<Result>(
    target: string,
    work: (place: Place) => Promise<Result>,
    attempt?: Attempt,
  ): Promise<Result> {
    const { folders, name } = splitPath(target);
    return this.folders.use(folders, (folder) => work({ folder, name }), attempt);
  }

  /** The same for a change, which is on the disk then. */
  private change<Result>(
    target: string,
    work: (place: Place) => Promise<Result>,
    attempt?: Attempt,
  ): Promise<Result> {
    const synced = async (place: Place) => {
      const result = await work(place);
      await place.folder.sync();
      return result;
    };
    return this.inStaging(() => this.at(target, synced, attempt));
  }

  private async atBoth(
    from: string,
    to: string,
    work: (source: Place, target: Place) => Promise<void>,
    attempt?: Attempt,
  ): Promise<void> {
    const synced = async (source: Place, target: Place) => {
      await work(source, target);
      await target.folder.sync();
      await source.folder.sync();
    };
    await this.inStaging(() =>
      this.at(from, (source) => this.at(to, (target) => synced(source, target), attempt), attempt),
    );
  }

  /**
   * Runs what changes the drive. An empty mount point has no staging folder, and while that is held open nobody
   * can unmount the disk.
   */
  private async inStaging<Result>(work: (staging: HeldFolder) => Promise<Result>): Promise<Result> {
    this.requireNotReadOnly();
    return this.inFolder(STAGING, work);
  }

  private requireNotReadOnly(): void {
    if (this.isReadOnly) throw new DriveReadOnlyError(this.name);
  }

  private inFolder<Result>(
    names: readonly string[],
    work: (folder: HeldFolder) => Promise<Result>,
  ): Promise<Result> {
    return this.folders.use(names, work);
  }

  private readonly translate = (error: unknown): Error => this.folders.translate(error);
}
