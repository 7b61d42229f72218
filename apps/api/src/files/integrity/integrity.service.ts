import type { CorruptedPage, Job, ListCorruptedQuery } from '@homeserver/dto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import * as z from 'zod';

import { DriveAccess, DrivesService, type ServedDrive } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { decodeTimeCursor, encodeTimeCursor } from '../../platform/http/time-cursor';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import { LOGGER } from '../../platform/logging/logging.module';
import { EntriesService } from '../entries/entries.service';
import { toFileMetadata } from '../entries/entry';
import { FileBusyError, NoFileToVerifyError } from '../files.errors';
import { IndexThreadAdapter, IndexThreadLostError } from '../indexing/index-thread.adapter';
import type { Verified, VerifyWish } from '../indexing/index-protocol';
import { toIndexed } from '../indexing/indexed-drive';
import { IntegrityRepository } from './integrity.repository';

const inputSchema = z.object({
  driveId: z.uuid(),
  before: z.iso.datetime().describe('What was read since is not read again'),
  ids: z.array(z.uuid()).nullable().describe('null: all files of the drive'),
});
type Input = z.infer<typeof inputSchema>;

const cursorSchema = z
  .object({ of: z.enum(['files', 'versions']), lastId: z.uuid().nullable(), bytes: z.int() })
  .nullable();

/** How far a reading is: first all files are read, then all earlier contents. */
interface Place {
  readonly of: VerifyWish['of'];
  readonly lastId: string | null;
}

/** Has files read anew, and tells which are not what they were. Nothing is ever repaired by deleting. */
@Injectable()
export class IntegrityService implements OnModuleInit {
  constructor(
    private readonly repository: IntegrityRepository,
    private readonly entries: EntriesService,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly thread: IndexThreadAdapter,
    private readonly jobs: JobsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('integrity', (work, context) => this.run(work, context));
  }

  /** Corrupted files that the actor may see. @throws DriveNotFoundError, InvalidInputError */
  async list(actor: Actor, { driveId, cursor, limit }: ListCorruptedQuery): Promise<CorruptedPage> {
    if (driveId !== undefined) await this.driveAccess.get(actor, driveId);
    const after = cursor === undefined ? null : decodeTimeCursor(cursor);
    const rows = await this.repository.listCorrupted(actor.userId, driveId ?? null, {
      after,
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ entry, isTrashed, versionId, foundAt }) => ({
        file: toFileMetadata(entry),
        versionId,
        corruptedAt: foundAt.toISOString(),
        isTrashed,
      })),
      nextCursor:
        last === undefined ? null : encodeTimeCursor([last.foundAt.toISOString(), last.key]),
    };
  }

  /** Has one file read now. @throws FileNotFoundError, NoFileToVerifyError, DriveOfflineError */
  async verifyFile(actor: Actor, id: string): Promise<Job> {
    const entry = await this.entries.get(actor, id);
    if (entry.kind !== 'file') throw new NoFileToVerifyError();
    const drive = await this.drives.find(entry.driveId);
    await this.drives.requireOnline(drive);
    return this.enqueue(drive, [id], actor.userId, `Check of “${entry.filename}”`);
  }

  /** Has all files of a drive read now. @throws DriveNotFoundError, DriveOfflineError */
  async verifyDrive(actor: Actor, driveId: string): Promise<Job> {
    const drive = await this.drives.find(driveId);
    await this.drives.requireOnline(drive);
    return this.enqueue(drive, null, actor.userId);
  }

  /** Whatever is to be read by now is put in the queue, of drives that are there. */
  async begin(): Promise<void> {
    const due = new Set(await this.repository.findDueDrives());
    for (const drive of this.drives.list()) {
      if ((await this.drives.stateOf(drive.id)) !== 'online') continue;
      if ((await this.jobs.findActive('integrity', drive.id)).length > 0) continue;
      const corrupted = due.has(drive.id) ? [] : await this.repository.findCorruptedDue(drive.id);
      if (due.has(drive.id)) await this.enqueue(drive, null, null);
      else if (corrupted.length > 0) await this.enqueue(drive, corrupted, null);
    }
  }

  private async enqueue(
    drive: ServedDrive,
    ids: string[] | null,
    userId: string | null,
    title = `Check of the files on “${drive.name}”`,
  ): Promise<Job> {
    const input: Input = { driveId: drive.id, before: new Date().toISOString(), ids };
    return this.jobs.enqueue({
      kind: 'integrity',
      title,
      driveId: drive.id,
      userId,
      input,
      unit: 'bytes',
    });
  }

  /** Whether somebody waits for a reading that has not begun yet: theirs comes before that of all. */
  private async isAskedFor(): Promise<boolean> {
    const active = await this.jobs.findActive('integrity', null);
    return active.some(
      ({ state, userId, startedAt }) => state === 'queued' && userId !== null && startedAt === null,
    );
  }

  private async run(work: JobWork, context: JobContext): Promise<void> {
    const { driveId, before, ids } = inputSchema.parse(work.input);
    const saved = cursorSchema.parse(work.cursor);
    const drive = await this.drives.find(driveId);
    await this.drives.requireOnline(drive);
    let bytes = saved?.bytes ?? 0;
    const total =
      ids === null
        ? bytes + (await this.repository.readBytesDue(driveId, new Date(before)))
        : undefined;
    context.progress(bytes, total);
    let at: Place = { of: saved?.of ?? 'files', lastId: saved?.lastId ?? null };
    for (;;) {
      context.signal.throwIfAborted();
      const wish = { of: at.of, before, after: at.lastId, ids };
      const { verified, hasMore } = await this.verifySome(drive, wish, context.signal);
      if (verified !== null) this.report(drive, verified);
      bytes += verified?.bytes ?? 0;
      context.progress(bytes);
      const next = nextPlace(at, hasMore ? (verified?.lastId ?? null) : null, ids === null);
      if (next === null) break;
      at = next;
      await context.saveCursor({ ...at, bytes });
      // It goes on in half a minute, where it is.
      if (ids === null && (await this.isAskedFor())) throw new FileBusyError();
    }
    if (ids === null) await this.repository.setVerified(driveId, new Date(before));
  }

  /** @throws DriveOfflineError when it has gone meanwhile, FileBusyError when it is tried again in a while */
  private async verifySome(drive: ServedDrive, wish: VerifyWish, signal: AbortSignal) {
    try {
      const request = { kind: 'verify', drive: toIndexed(drive), wish } as const;
      const result = await this.thread.ask(request, { signal });
      if (result.isElsewhere) throw new FileBusyError();
      return result;
    } catch (error) {
      if (error instanceof IndexThreadLostError) throw new FileBusyError();
      // It was unplugged: the job waits for it.
      await this.drives.requireOnline(drive);
      throw error;
    }
  }

  private report(drive: ServedDrive, { corruptedCount, failed, doubtful }: Verified): void {
    const about = { drive: drive.id };
    if (corruptedCount > 0)
      this.logger.error(
        { ...about, corruptedCount },
        `Files on the drive “${drive.name}” are corrupted: their bytes changed, and nobody wrote to them.`,
      );
    if (failed.length > 0)
      this.logger.error(
        { ...about, paths: failed },
        `The disk of the drive “${drive.name}” could not read some files.`,
      );
    if (doubtful.length > 0)
      this.logger.warn(
        { ...about, paths: doubtful },
        `Files on the drive “${drive.name}” were read wrongly once, and rightly then: its cable, or the memory, may be faulty.`,
      );
  }
}

/** @param lastId of what was read; null when that was all of it. @returns null when nothing is left to be read */
function nextPlace({ of }: Place, lastId: string | null, isAll: boolean): Place | null {
  if (lastId !== null) return { of, lastId };
  return of === 'files' && isAll ? { of: 'versions', lastId: null } : null;
}
