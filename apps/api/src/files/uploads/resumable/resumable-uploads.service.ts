import { createHash, type Hash } from 'node:crypto';

import type { Conflict } from '@homeserver/dto';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import {
  ContentMissingError,
  DriveAccess,
  DrivesService,
  PartTooLongError,
  type ServedDrive,
  type StagedPartWriter,
} from '../../../drives';
import type { Actor } from '../../../platform/access/actor';
import { EntryLease } from '../../entries/entry-lease';
import type { ArrivingPart } from './arriving-part';
import { HashesOnTheWay } from './hashes-on-the-way';
import type { Checksum } from './tus-headers';
import type { Upload } from './upload';
import { UploadCommits } from './upload-commits.service';
import { type Insistence, type UploadHold, UploadLocks } from './upload-locks';
import { UploadSession } from './upload-session';
import {
  ChecksumMismatchError,
  OffsetConflictError,
  UploadBusyError,
  UploadGoneError,
  UploadNotFoundError,
  UploadTooLongError,
} from './uploads.errors';
import { UploadsRepository } from './uploads.repository';

/** Bytes that go on where an upload stands. */
export interface Part {
  /** What becomes of a name that is taken by now; null for what the creation said. */
  readonly conflict: Conflict | null;
  readonly offset: number;
  readonly checksum: Checksum | null;
  /** null where there are none. */
  readonly body: ArrivingPart | null;
}

/** Those that come with the creation, which has said the rest. */
export type FirstPart = Pick<Part, 'body' | 'checksum'>;

/** Who is at work on an upload, of this process and of all. */
interface Work {
  readonly actor: Actor;
  readonly hold: UploadHold;
  readonly session: UploadSession;
  readonly upload: Upload;
  readonly drive: ServedDrive;
}

/**
 * Uploads that come in parts (tus 1.0.0). What is acknowledged is on the disk first, then its offset in the
 * database, then in the answer.
 */
@Injectable()
export class ResumableUploads implements BeforeApplicationShutdown {
  constructor(
    private readonly repository: UploadsRepository,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly commits: UploadCommits,
    private readonly locks: UploadLocks,
    private readonly hashes: HashesOnTheWay,
    private readonly lease: EntryLease,
  ) {}

  /** While the database can still be told how far they have come. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.locks.interruptAll();
  }

  /**
   * How an upload stands. Of one whose bytes are all there the file is made first.
   * @param conflict what becomes of a name that is taken by now; null for what the creation said
   * @throws UploadNotFoundError (404), UploadGoneError (410), and what `UploadCommits.finish` throws
   */
  async look(actor: Actor, id: string, conflict: Conflict | null): Promise<Upload> {
    const upload = await this.find(actor, id);
    if (upload.fileId !== null) return upload;
    // Whoever asks has given up the request of which nothing comes any more.
    await this.locks.settle(id, 'patient');
    const now = await this.find(actor, id);
    if (now.fileId !== null || now.offset < now.length) return now;
    try {
      return await this.work(actor, id, 'patient', (work) => this.finish(work, conflict));
    } catch (error) {
      if (!(error instanceof UploadBusyError)) throw error;
      const last = await this.find(actor, id);
      if (last.fileId === null) throw error;
      return last;
    }
  }

  /**
   * Takes bytes; with the last ones the file is made.
   * @throws OffsetConflictError (409), UploadTooLongError (413), UploadBusyError (423), ChecksumMismatchError (460),
   * and as `look`
   */
  async append(actor: Actor, id: string, part: Part): Promise<Upload> {
    const upload = await this.find(actor, id);
    if (upload.fileId !== null) return requireNothingMore(upload, part);
    return this.work(actor, id, 'patient', (work) => this.appendAlone(work, part));
  }

  /** Ends an upload. What is a file already stays one. @throws UploadNotFoundError (404), UploadGoneError (410) */
  async terminate(actor: Actor, id: string): Promise<void> {
    await this.find(actor, id); // nobody interrupts what is another's
    await this.locks.settle(id, 'insistent');
    const upload = await this.find(actor, id);
    if (upload.fileId !== null) return this.repository.forget(id);
    await this.work(actor, id, 'insistent', async (work) => {
      if (work.upload.fileId === null) await this.commits.end(work.upload, work.drive);
      return work.upload;
    });
  }

  /** Bytes that come with the creation. Where they do not all come nobody knows of the upload, and it is ended. */
  async begin(actor: Actor, { id }: Upload, part: FirstPart): Promise<Upload> {
    try {
      return await this.work(actor, id, 'patient', (work) =>
        this.appendAlone(work, { ...part, offset: 0, conflict: null }),
      );
    } catch (error) {
      await this.terminate(actor, id).catch(() => undefined); // else it runs out
      throw error;
    }
  }

  private async appendAlone(work: Work, part: Part): Promise<Upload> {
    const { upload, drive, actor, session } = work;
    if (upload.fileId !== null) return requireNothingMore(upload, part);
    if (part.offset !== upload.offset) throw new OffsetConflictError(upload.offset);
    if (part.offset + (part.body?.announcedBytes ?? 0) > upload.length)
      throw new UploadTooLongError();
    await this.drives.requireWritable(drive);
    await this.driveAccess.requireStillWritable(actor, drive.id);
    if (part.body === null) requireSumOfNothing(part.checksum);
    const offset = part.body === null ? upload.offset : await this.receive(work, part, part.body);
    if (offset < upload.length) {
      await session.saveOffsetAndRelease(offset);
      return this.find(actor, upload.id);
    }
    if (offset > upload.offset) await session.saveOffset(offset);
    return this.finish({ ...work, upload: { ...upload, offset } }, part.conflict);
  }

  /** @returns how far the bytes are on the disk then */
  private async receive(work: Work, part: Part, body: ArrivingPart): Promise<number> {
    const { upload, hold, session } = work;
    const { checksum } = part;
    const sum = checksum === null ? null : createHash(checksum.algorithm);
    const point = { uploadId: upload.id, offset: upload.offset, fence: session.lease.fence };
    const before = this.hashes.take(point);
    const hash = before?.copy() ?? null;
    const writer = await this.openWriter(work, [hash, sum]);
    hold.writeBy(writer);
    try {
      await body.pourInto(writer);
    } catch (error) {
      // Bytes that were to be checked and are not all there are not known to be right.
      if (sum === null) await this.keep(work, writer, hash).catch(() => undefined);
      throw error instanceof PartTooLongError ? new UploadTooLongError() : error;
    } finally {
      hold.wrote();
    }
    if (sum !== null && checksum?.digest.equals(sum.digest()) !== true) {
      if (before !== null) this.hashes.keep(point, before);
      throw new ChecksumMismatchError();
    }
    this.keepHash(work, writer, hash);
    return writer.syncedPosition;
  }

  /** What had come of a part that was cut off. */
  private async keep(work: Work, writer: StagedPartWriter, hash: Hash | null): Promise<void> {
    await work.session.saveOffset(writer.syncedPosition);
    this.keepHash(work, writer, hash);
  }

  private keepHash({ upload, session }: Work, writer: StagedPartWriter, hash: Hash | null): void {
    if (hash === null || !writer.isHashed) return;
    const { fence } = session.lease;
    this.hashes.keep({ uploadId: upload.id, offset: writer.syncedPosition, fence }, hash);
  }

  private async openWriter(
    { upload, session, drive }: Work,
    [hash, sum]: [Hash | null, Hash | null],
  ): Promise<StagedPartWriter> {
    try {
      return await drive.storage.stagePart(upload.stagedName, {
        position: upload.offset,
        limit: upload.length,
        hashes: [hash, sum].filter((one) => one !== null),
        beforeWrite: () => session.requireLease(),
        // What is to be checked first does not count before.
        onSynced: (position) =>
          sum === null ? session.saveOffset(position) : session.saveOffset(upload.offset),
      });
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
      await this.commits.end(upload, drive);
      throw new UploadGoneError();
    }
  }

  private async finish(
    { actor, upload, session }: Work,
    conflict: Conflict | null,
  ): Promise<Upload> {
    if (upload.fileId !== null) return upload;
    return this.commits.finish(
      actor,
      { ...upload, conflict: conflict ?? upload.conflict },
      session,
    );
  }

  /** Does something with an upload as the only one, in this process and in others. */
  private async work(
    actor: Actor,
    id: string,
    insistence: Insistence,
    work: (work: Work) => Promise<Upload>,
  ): Promise<Upload> {
    return this.locks.hold(id, insistence, async (hold) => {
      const taken = await this.repository.acquire(actor.userId, id, this.lease.holder);
      if (taken === null) throw await this.reasonOfRefusal(actor, id);
      const { upload, lease } = taken;
      const session = new UploadSession(this.repository, lease);
      try {
        const drive = await this.drives.find(upload.driveId);
        return await work({ actor, hold, session, upload, drive });
      } catch (error) {
        // Where the database is away the lease runs out by itself.
        await session.release().catch(() => undefined);
        throw error;
      }
    });
  }

  private async reasonOfRefusal(actor: Actor, id: string): Promise<Error> {
    await this.find(actor, id);
    return new UploadBusyError();
  }

  /** @throws UploadNotFoundError (404), UploadGoneError (410) */
  private async find({ userId }: Actor, id: string): Promise<Upload> {
    const upload = await this.repository.find(userId, id);
    if (upload === null) throw new UploadNotFoundError();
    if (upload.isGone) throw new UploadGoneError();
    return upload;
  }
}

/** Of a finished upload nothing more is taken, but its last answer may be asked for again. */
function requireNothingMore(upload: Upload, { offset, body }: Part): Upload {
  if (offset !== upload.length) throw new OffsetConflictError(upload.length);
  if (body !== null) throw new UploadTooLongError();
  return upload;
}

/** Also where no bytes come they may come with a checksum. @throws ChecksumMismatchError (460) */
export function requireSumOfNothing(checksum: Checksum | null): void {
  if (checksum?.digest.equals(createHash(checksum.algorithm).digest()) === false)
    throw new ChecksumMismatchError();
}
