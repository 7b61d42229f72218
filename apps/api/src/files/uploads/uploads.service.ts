import { type Conflict, type FileMetadata, nameFault, type UploadQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  DriveAccess,
  DriveFullError,
  DrivesService,
  type ServedDrive,
  type StagedFile,
} from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EntriesService, requireUnreserved } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import type { Alongside } from '../entries/entry-writes.service';
import { newFile } from '../entries/new-entry';
import { FileNotFoundError, InvalidNameError } from '../files.errors';
import { IncomingFiles } from '../incoming/incoming-files.service';
import { type QuotaHold, settling } from '../incoming/quota-hold';
import { contentTypeOf } from './content-type';
import { UploadNames } from './upload-names.service';

const ASKED_AGAIN_AFTER_MS = 2000;
/** Of what is smaller the disk says as soon by itself that it has no room. */
const SPACE_ASKED_ABOVE_BYTES = 1024 * 1024;

/** Where an upload goes. */
export interface UploadTarget {
  readonly drive: ServedDrive;
  readonly folder: Pick<Entry, 'id' | 'parentId'>;
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
  /** Room in the quota of who uploads; null where they have none. */
  readonly hold: QuotaHold | null;
  /** What is written in the transaction that makes the file. */
  readonly alongside?: Alongside;
}

@Injectable()
export class UploadsService {
  constructor(
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly entries: EntriesService,
    private readonly names: UploadNames,
    private readonly incoming: IncomingFiles,
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
    if (expectedBytes !== null && expectedBytes > SPACE_ASKED_ABOVE_BYTES)
      await requireSpace(drive, expectedBytes);
    const folder = named ?? { id: drive.rootFolderId, parentId: null };
    return { drive, folder, actor, preparedAt: Date.now() };
  }

  /** @throws InvalidNameError, NameReservedError when the name cannot be one there */
  checkName(filename: string, { folder }: UploadTarget, pointer?: string): void {
    const fault = nameFault(filename);
    if (fault !== null) throw new InvalidNameError(fault, pointer);
    requireUnreserved(folder, filename);
  }

  /**
   * What would be refused at the end, for its name is taken, is refused before its bytes come.
   * @throws NameTakenError as `conflict` has it
   */
  async requireFreeName(
    { folder }: UploadTarget,
    { filename, conflict }: Pick<ReceivedUpload, 'filename' | 'conflict'>,
  ): Promise<void> {
    await this.names.require(folder.id, filename, conflict);
  }

  /**
   * Makes an upload a file of the drive. Where that fails its staged bytes are removed.
   * @throws NameTakenError as `conflict` has it
   */
  async commit(upload: ReceivedUpload): Promise<FileMetadata> {
    try {
      return await this.commitStaged(upload);
    } catch (error) {
      const { target, staged, hold } = upload;
      await hold?.release();
      // What cannot be removed now is found by recovery.
      await target.drive.storage.removeStaged(staged.stagedName).catch(() => undefined);
      throw error;
    }
  }

  /**
   * The same, but where it fails the bytes stay staged.
   * @throws NameTakenError as `conflict` has it; AccessDeniedError; ContentRefusedError,
   * ScannerUnavailableError
   */
  async commitStaged(upload: ReceivedUpload): Promise<FileMetadata> {
    const { target, staged, beginning, filename, tags, conflict } = upload;
    const { drive, folder, actor } = target;
    const contentType = await contentTypeOf(beginning, filename);
    const scan = await this.incoming.admit({ drive, staged, filename, contentType, actor });
    // Whoever lost the right while the bytes came, or were looked through, has lost it for these, too.
    if (Date.now() - target.preparedAt > ASKED_AGAIN_AFTER_MS)
      await this.driveAccess.requireStillWritable(actor, drive.id);
    const more = { contentType, tags, scan, uploadedBy: actor.userId };
    const file = newFile({ id: uuid7(), parentId: folder.id, filename }, staged, more);
    const content = { file, cause: actor, alongside: settling(upload.hold, upload.alongside) };
    return toFileMetadata(await this.names.commit(drive, content, conflict));
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

async function requireSpace({ name, storage }: ServedDrive, bytes: number): Promise<void> {
  const { freeBytes } = await storage.space();
  if (bytes > freeBytes) throw new DriveFullError(name);
}
