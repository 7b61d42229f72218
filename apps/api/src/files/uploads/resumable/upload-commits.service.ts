import { Injectable } from '@nestjs/common';

import { ContentMissingError, type DriveStorage, type ServedDrive } from '../../../drives';
import type { Actor } from '../../../platform/access/actor';
import { ContentRefusedError } from '../../files.errors';
import { RecoveryService } from '../../recovery/recovery.service';
import { UploadsService } from '../uploads.service';
import { HashesOnTheWay } from './hashes-on-the-way';
import { hashStaged, readBeginning } from './staged-content';
import type { Upload } from './upload';
import type { UploadSession } from './upload-session';
import { ContentMismatchError, UploadBusyError, UploadGoneError } from './uploads.errors';
import { UploadsRepository } from './uploads.repository';

/** Makes files of uploads whose bytes are all there. */
@Injectable()
export class UploadCommits {
  constructor(
    private readonly repository: UploadsRepository,
    private readonly uploads: UploadsService,
    private readonly recovery: RecoveryService,
    private readonly hashes: HashesOnTheWay,
  ) {}

  /**
   * Makes the file, or finds that an earlier attempt has. The caller has the upload to itself.
   * @returns the upload with its file
   * @throws ContentMismatchError, ContentRefusedError, UploadGoneError: it has come to nothing; for all else it can be
   * tried again: UploadBusyError, NameTakenError, FileNotFoundError, AccessDeniedError, DriveOfflineError
   */
  async finish(actor: Actor, upload: Upload, session: UploadSession): Promise<Upload> {
    return session.keepDuring(async () => {
      await this.settleEarlier(upload);
      const found = await this.find(upload);
      if (found.fileId !== null) return found;
      try {
        await this.commit(actor, upload, session);
      } catch (error) {
        if (!(error instanceof ContentMissingError)) throw error;
        await this.repository.end(upload.id);
        throw new UploadGoneError();
      }
      this.hashes.forget(upload.id);
      return this.find(upload);
    });
  }

  /** Ends an upload, and removes what has come of it. */
  async end({ id, stagedName }: Upload, drive: ServedDrive): Promise<void> {
    this.hashes.forget(id);
    await this.repository.end(id);
    // What cannot be removed now is removed by recovery: nothing counts on it any more.
    await drive.storage.removeStaged(stagedName).catch(() => undefined);
  }

  private async commit(actor: Actor, upload: Upload, session: UploadSession): Promise<void> {
    const { length, stagedName, modifiedAt, filename, tags, conflict } = upload;
    const target = await this.uploads.prepare(actor, upload, null);
    const { storage } = target.drive;
    const sha256 = await this.hashOf(upload, session, storage);
    if (upload.sha256 !== null && !upload.sha256.equals(sha256)) {
      await this.end(upload, target.drive);
      throw new ContentMismatchError();
    }
    const beginning = await readBeginning(storage, stagedName);
    const file = await storage.sealStaged(stagedName, modifiedAt === null ? {} : { modifiedAt });
    if (file.size !== length) throw new ContentMissingError();
    const staged = { ...file, stagedName, sha256 };
    // Its room is kept by the upload itself, until it is over.
    const received = { target, staged, beginning, filename, tags, conflict, hold: null };
    await this.uploads.commitStaged(received).catch(async (error: unknown) => {
      if (error instanceof ContentRefusedError) await this.end(upload, target.drive);
      throw error;
    });
  }

  private async hashOf(
    { id, length, stagedName }: Upload,
    { lease }: UploadSession,
    storage: DriveStorage,
  ): Promise<Buffer> {
    const point = { uploadId: id, offset: length, fence: lease.fence };
    const hash = this.hashes.take(point);
    if (hash === null) return hashStaged(storage, stagedName);
    // An attempt after one that fails needs it again.
    this.hashes.keep(point, hash.copy());
    return hash.digest();
  }

  /** An attempt that failed in its middle is finished, or undone, as after a crash. @throws UploadBusyError */
  private async settleEarlier({ stagedName }: Upload): Promise<void> {
    const entryId = await this.repository.findCommitting(stagedName);
    if (entryId === null) return;
    await this.recovery.recoverOne(entryId);
    if ((await this.repository.findCommitting(stagedName)) !== null) throw new UploadBusyError();
  }

  private async find({ userId, id }: Upload): Promise<Upload> {
    const found = await this.repository.find(userId, id);
    if (found === null || found.isGone) throw new UploadGoneError();
    return found;
  }
}
