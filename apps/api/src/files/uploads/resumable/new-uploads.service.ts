import type { UploadMetadata } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  BEGINNING_BYTES,
  DriveFullError,
  type DriveStorage,
  SMALL_FILE_BYTES,
  type StagedFile,
  type WrittenFile,
} from '../../../drives';
import type { Actor } from '../../../platform/access/actor';
import { uuid7 } from '../../../platform/database/uuid7';
import type { QuotaHold } from '../../incoming/quota-hold';
import { Quotas } from '../../incoming/quotas.service';
import { type ReceivedUpload, UploadsService, type UploadTarget } from '../uploads.service';
import type { ArrivingPart } from './arriving-part';
import { type FirstPart, requireSumOfNothing, ResumableUploads } from './resumable-uploads.service';
import type { Creation } from './tus-headers';
import type { NewUpload } from './upload';
import { ContentMismatchError, TooManyUploadsError, UploadTooLongError } from './uploads.errors';
import { UploadsRepository } from './uploads.repository';

const MOST_UNFINISHED = 10_000;
const NAME_POINTER = '#/header/upload-metadata/filename';

/** What a creation came to: the file where all its bytes came with it. */
export interface Created {
  readonly id: string;
  readonly length: number;
  readonly offset: number;
  readonly fileId: string | null;
  readonly expiresAt: Date | null;
}

/** Begins uploads. One that comes whole with its creation is a file at once, at the cost of a form. */
@Injectable()
export class NewUploads {
  constructor(
    private readonly repository: UploadsRepository,
    private readonly uploads: UploadsService,
    private readonly resumable: ResumableUploads,
    private readonly quotas: Quotas,
  ) {}

  /**
   * @throws what `UploadsService.prepare`, `checkName` and `requireFreeName` throw; TooManyUploadsError,
   * QuotaExceededError, UploadTooLongError, and for bytes that come with it what `ResumableUploads.append` throws
   */
  async create(actor: Actor, creation: Creation, part: FirstPart): Promise<Created> {
    const { length, metadata } = creation;
    const announced = part.body?.announcedBytes ?? null;
    if (announced !== null && announced > length) throw new UploadTooLongError();
    const target = await this.uploads.prepare(actor, metadata, length);
    this.uploads.checkName(metadata.filename, target, NAME_POINTER);
    await this.uploads.requireFreeName(target, metadata);
    const upload = newUpload(target, creation);
    if (part.body === null) requireSumOfNothing(part.checksum);
    // What is to be checked first does not go the short way.
    const isWhole =
      part.body === null ? length === 0 : announced === length && part.checksum === null;
    const hold = await this.quotas.hold(actor, length, upload.id);
    try {
      if (isWhole) return await this.createWhole(target, upload, { body: part.body, hold });
      await this.requireRoom(target, length);
      const begun = await this.repository.insert(upload);
      // From now on the upload itself keeps its room.
      await hold?.release();
      return part.body === null ? begun : await this.resumable.begin(actor, begun, part);
    } catch (error) {
      await hold?.release();
      throw error;
    }
  }

  private async createWhole(
    target: UploadTarget,
    upload: NewUpload,
    { body, hold }: { body: ArrivingPart | null; hold: QuotaHold | null },
  ): Promise<Created> {
    const { id, length, filename, tags, conflict } = upload;
    const { staged, beginning } = await this.stageWhole(target.drive.storage, upload, body);
    const file = await this.uploads.commit({
      ...{ target, staged, beginning, filename, tags, conflict, hold },
      alongside: (entry, manager) => this.repository.insertFinished(upload, entry.id, manager),
    });
    return { id, length, offset: length, fileId: file.id, expiresAt: null };
  }

  private async stageWhole(
    storage: DriveStorage,
    upload: NewUpload,
    body: ArrivingPart | null,
  ): Promise<Pick<ReceivedUpload, 'staged' | 'beginning'>> {
    const { stagedName, length, modifiedAt } = upload;
    const attributes = modifiedAt === null ? {} : { modifiedAt };
    try {
      if (body === null || length <= SMALL_FILE_BYTES) {
        const bytes = (await body?.takeSmall()) ?? Buffer.alloc(0);
        const written = await storage.stageSmall(stagedName, bytes, attributes);
        return {
          staged: stagedFile(upload, written),
          beginning: bytes.subarray(0, BEGINNING_BYTES),
        };
      }
      const writer = await storage.stage(stagedName, attributes);
      await body.pourInto(writer);
      return { staged: stagedFile(upload, writer.written), beginning: writer.beginning };
    } catch (error) {
      await storage.removeStaged(stagedName);
      throw error;
    }
  }

  /** What others have begun, and not yet sent, is theirs. @throws DriveFullError, TooManyUploadsError */
  private async requireRoom({ actor, drive }: UploadTarget, length: number): Promise<void> {
    const { claimedBytes, count } = await this.repository.readClaims(actor.userId, drive.id);
    if (count >= MOST_UNFINISHED) throw new TooManyUploadsError();
    const { freeBytes } = await drive.storage.space();
    if (length > freeBytes - claimedBytes) throw new DriveFullError(drive.name);
  }
}

function newUpload(
  { actor, drive, folder }: UploadTarget,
  { length, rawMetadata, metadata }: Creation,
): NewUpload {
  const id = uuid7();
  const { filename, tags, conflict, lastModified, sha256 }: UploadMetadata = metadata;
  return {
    id,
    stagedName: id,
    userId: actor.userId,
    driveId: drive.id,
    folderId: folder.id,
    filename,
    tags,
    conflict,
    modifiedAt: lastModified ?? null,
    sha256: sha256 === undefined ? null : Buffer.from(sha256, 'hex'),
    metadata: rawMetadata,
    length,
    offset: 0,
  };
}

/** @throws ContentMismatchError when the hash is not the announced one */
function stagedFile(upload: NewUpload, { sha256, file }: WrittenFile): StagedFile {
  if (upload.sha256 !== null && !upload.sha256.equals(sha256)) throw new ContentMismatchError();
  return { ...file, stagedName: upload.stagedName, sha256 };
}
