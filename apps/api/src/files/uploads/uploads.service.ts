import {
  type Conflict,
  type FileMetadata,
  MAXIMUM_NAME_BYTES,
  nameFault,
  type UploadQuery,
} from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  DriveAccess,
  DriveFullError,
  DrivesService,
  PathTakenError,
  type ServedDrive,
  type StagedFile,
} from '../../drives';
import type { Actor, Cause } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EntriesRepository, type NewFile } from '../entries/entries.repository';
import { EntriesService, requireUnreserved } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { lowestFreeName, splitName } from '../entries/free-name';
import { shortenToBytes } from '../entries/sort-key';
import { joinPath } from '../entries/storage-path';
import {
  FileNotFoundError,
  InvalidNameError,
  NameTakenError,
  VersionsNotKeptError,
} from '../files.errors';
import { contentTypeOf } from './content-type';

/** Room for the number that a doubled name gets. */
const SUFFIX_BYTES = 12;
const ASKED_AGAIN_AFTER_MS = 2000;

/** Where an upload goes. */
export interface UploadTarget {
  readonly drive: ServedDrive;
  readonly folder: Entry;
  /** Who uploads. */
  readonly actor: Actor;
  /** When it was found that they may, in milliseconds. */
  readonly preparedAt: number;
}

/** An upload whose bytes are all there. */
export interface ReceivedUpload {
  readonly target: UploadTarget;
  readonly staged: StagedFile;
  /** The first bytes, for telling the type. */
  readonly beginning: Buffer;
  readonly filename: string;
  readonly tags: string[];
  readonly conflict: Conflict;
}

@Injectable()
export class UploadsService {
  constructor(
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly entries: EntriesService,
    private readonly repository: EntriesRepository,
    private readonly writes: EntryWrites,
  ) {}

  /**
   * Finds where an upload goes, and whether it may: all that can be known before its bytes.
   * @param expectedBytes how much is announced; null where nothing is
   * @throws DriveNotFoundError, FileNotFoundError, DriveReadOnlyError, DriveOfflineError, DriveFullError
   */
  async prepare(
    actor: Actor,
    { driveId, folderId }: UploadQuery,
    expectedBytes: number | null,
  ): Promise<UploadTarget> {
    const named =
      folderId === undefined ? null : await this.entries.getWritableFolder(actor, folderId);
    const drive = await this.driveOf(actor, driveId, named);
    await this.drives.requireWritable(drive);
    if (expectedBytes !== null && expectedBytes > (await drive.storage.space()).freeBytes)
      throw new DriveFullError(drive.name);
    const folder = named ?? (await this.entries.getWritableFolder(actor, drive.rootFolderId));
    return { drive, folder, actor, preparedAt: Date.now() };
  }

  /** @throws InvalidNameError, NameReservedError when the name cannot be one there */
  checkName(filename: string, { folder }: UploadTarget): void {
    const fault = nameFault(filename);
    if (fault !== null) throw new InvalidNameError(fault);
    requireUnreserved(folder, filename);
  }

  /**
   * Makes an upload a file of the drive. Where that fails its staged bytes are removed.
   * @throws NameTakenError, VersionsNotKeptError as `conflict` has it
   */
  async commit(upload: ReceivedUpload): Promise<FileMetadata> {
    try {
      return await this.commitStaged(upload);
    } catch (error) {
      const { target, staged } = upload;
      // What cannot be removed now is found by recovery.
      await target.drive.storage.removeStaged(staged.stagedName).catch(() => undefined);
      throw error;
    }
  }

  private async commitStaged({
    target,
    staged,
    beginning,
    filename,
    tags,
    conflict,
  }: ReceivedUpload): Promise<FileMetadata> {
    const now = new Date();
    // Whoever lost the right while the bytes came has lost it for these, too.
    if (now.getTime() - target.preparedAt > ASKED_AGAIN_AFTER_MS)
      await this.driveAccess.requireStillWritable(target.actor, target.drive.id);
    const entry: NewFile = {
      id: uuid7(),
      driveId: target.drive.id,
      parentId: target.folder.id,
      kind: 'file',
      filename,
      contentType: await contentTypeOf(beginning, filename),
      size: staged.size,
      storagePath: joinPath(target.folder.storagePath, filename),
      sha256: staged.sha256.toString('hex'),
      uploadDate: now,
      modifiedAt: staged.modifiedAt,
      tags,
      inode: staged.inode,
      nature: 'plain',
      linkTarget: null,
      fileCount: null,
      folderCount: null,
      stagedName: staged.stagedName,
    };
    if (conflict === 'rename')
      return toFileMetadata(await this.commitUnderFreeName(target.drive, entry, target.actor));
    try {
      return toFileMetadata(await this.writes.commit(target.drive, entry, target.actor));
    } catch (error) {
      if (!(error instanceof PathTakenError)) throw error;
      throw conflict === 'fail' ? new NameTakenError(filename) : new VersionsNotKeptError(filename);
    }
  }

  /** Commits under the name itself or, where that is taken, under the one with the lowest free number. */
  async commitUnderFreeName(
    drive: ServedDrive,
    entry: Omit<NewFile, 'parentId'> & { parentId: string | null },
    cause: Cause | null,
  ): Promise<Entry> {
    const parentId = entry.parentId ?? drive.rootFolderId;
    const takenOnDrive = new Set<string>();
    let { filename, storagePath } = entry;
    for (;;) {
      try {
        const named = { ...entry, parentId, filename, storagePath };
        return await this.writes.commit(drive, named, cause);
      } catch (error) {
        if (!(error instanceof PathTakenError)) throw error;
      }
      takenOnDrive.add(filename);
      filename = await this.findFreeName(parentId, entry.filename, takenOnDrive);
      const folderPath = await this.repository.findFolderPath(parentId);
      if (folderPath === null) throw new FileNotFoundError();
      storagePath = joinPath(folderPath, filename);
    }
  }

  /** Not every name on the drive is in the index, so those that were met there count as well. */
  private async findFreeName(
    parentId: string,
    filename: string,
    takenOnDrive: ReadonlySet<string>,
  ): Promise<string> {
    const beginning = shortenToBytes(
      splitName(filename).stem,
      MAXIMUM_NAME_BYTES / 2 - SUFFIX_BYTES,
    );
    const names = new Set(await this.repository.findNamesBeginning(parentId, beginning));
    return lowestFreeName(
      filename,
      (candidate) => names.has(candidate) || takenOnDrive.has(candidate),
    );
  }

  private async driveOf(
    actor: Actor,
    driveId: string | undefined,
    folder: Entry | null,
  ): Promise<ServedDrive> {
    if (folder === null) {
      if (driveId === undefined) return this.driveAccess.getDefault(actor);
      return this.driveAccess.getWritable(actor, driveId);
    }
    if (driveId !== undefined && folder.driveId !== driveId) throw new FileNotFoundError();
    return this.drives.find(folder.driveId);
  }
}
