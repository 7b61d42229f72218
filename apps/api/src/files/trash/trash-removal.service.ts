import type { EmptiedTrash, EmptyTrashQuery, Job } from '@homeserver/dto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import { DriveAccess, DrivesService, FolderTotals, type ServedDrive } from '../../drives';
import type { Actor, Cause } from '../../platform/access/actor';
import type { TimePosition } from '../../platform/http/time-cursor';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import { EntryMover } from '../entries/entry-mover.service';
import { onNewest } from '../entries/on-newest';
import { FileBusyError, FileNotFoundError, StaleVersionError } from '../files.errors';
import {
  type TrashedEntry,
  type TrashHeld,
  positionOf,
  TrashRepository,
  type VisibleTrashedEntry,
} from './trash.repository';
import { countOf, requireMeant, TrashService } from './trash.service';

const inputSchema = z.object({
  driveId: z.uuid(),
  cause: z
    .object({ userId: z.uuid(), username: z.string(), clientAddress: z.string() })
    .nullable()
    .describe('null: what is too old or too much, removed by the server itself'),
  until: z.iso.datetime().describe('What came into the trash later stays'),
});
type RemovalInput = z.infer<typeof inputSchema>;

/** So much is removed while the caller waits. */
const AT_ONCE = 100;
const BATCH = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Deletes for good what is in the trash: one thing, all of it, or what has been there too long or takes too much room. */
@Injectable()
export class TrashRemoval implements OnModuleInit {
  constructor(
    private readonly repository: TrashRepository,
    private readonly trash: TrashService,
    private readonly mover: EntryMover,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly totals: FolderTotals,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('trash', (work, context) => this.run(work, context));
  }

  /** @throws FileNotFoundError, AccessDeniedError, ManyUnconfirmedError, FileBusyError */
  async removeOne(actor: Actor, id: string, confirm: 'many' | undefined): Promise<void> {
    await onNewest(null, async () => {
      const { entry } = await this.getCounted(actor, id);
      requireMeant(actor, countOf(entry), confirm);
      const drive = await this.drives.find(entry.driveId);
      await this.drives.requireWritable(drive);
      await this.mover.delete(drive, entry, actor);
    });
  }

  /**
   * Empties the trash of a drive, or of all that the actor may write to: what is little at once, what is much by a job.
   * Drives that are away or read-only are left as they are, unless it is the one that was named.
   * @throws DriveNotFoundError, AccessDeniedError, DriveReadOnlyError, DriveOfflineError, ManyUnconfirmedError
   */
  async empty(actor: Actor, { driveId, confirm }: EmptyTrashQuery): Promise<EmptiedTrash> {
    if (driveId !== undefined)
      await this.drives.requireWritable(await this.driveAccess.getWritable(actor, driveId));
    await this.totals.settle();
    const held = await this.repository.findEmptiable(actor.userId, driveId ?? null);
    const total = held.reduce((sum, { entryCount }) => sum + entryCount, 0);
    requireMeant(actor, total, confirm);
    const { userId, username, clientAddress } = actor;
    const until = new Date().toISOString();
    const emptied: { removedCount: number; jobs: Job[] } = { removedCount: 0, jobs: [] };
    for (const one of held) {
      const drive = await this.drives.find(one.driveId);
      if (drive.readOnly || (await this.drives.stateOf(drive.id)) !== 'online') continue;
      const input = { driveId: drive.id, cause: { userId, username, clientAddress }, until };
      if (one.entryCount > AT_ONCE) emptied.jobs.push(await this.enqueue(drive, input, one));
      else emptied.removedCount += await this.removeBatch(drive, input, null);
    }
    return emptied;
  }

  /** Whether the trash of a drive holds what is to go; then a job removes it. */
  async tidy(drive: ServedDrive): Promise<void> {
    const [oldest] = await this.repository.findOldest(drive.id, { after: null, limit: 1 });
    if (oldest === undefined) return;
    const isDue =
      isExpired(oldest, drive) ||
      (await this.repository.readBytes(drive.id)) > (await limitOf(drive));
    if (!isDue || (await this.jobs.findActive('trash', drive.id)).length > 0) return;
    await this.enqueue(drive, {
      driveId: drive.id,
      cause: null,
      until: new Date().toISOString(),
    });
  }

  /** A folder with what came into it a moment ago counted. */
  private async getCounted(actor: Actor, id: string): Promise<VisibleTrashedEntry> {
    const found = await this.trash.getWritable(actor, id);
    if (found.entry.kind === 'file') return found;
    await this.totals.settle();
    return this.trash.getWritable(actor, id);
  }

  private async enqueue(drive: ServedDrive, input: RemovalInput, held?: TrashHeld): Promise<Job> {
    return this.jobs.enqueue({
      kind: 'trash',
      title:
        input.cause === null
          ? `Removal of what is old in the trash of “${drive.name}”`
          : `Emptying of the trash of “${drive.name}”`,
      driveId: drive.id,
      userId: input.cause?.userId ?? null,
      input,
      unit: 'entries',
      ...(held === undefined ? {} : { total: held.itemCount }),
    });
  }

  private async run(work: JobWork, context: JobContext): Promise<void> {
    const input = inputSchema.parse(work.input);
    let removedCount = 0;
    for (let after: TimePosition | null = null; ;) {
      context.signal.throwIfAborted();
      const drive = await this.drives.find(input.driveId);
      await this.drives.requireWritable(drive);
      if (input.cause !== null)
        await this.driveAccess.requireStillWritable(input.cause, input.driveId);
      const batch = await this.findDue(drive, input, after);
      for (const { entry } of batch) {
        context.signal.throwIfAborted();
        removedCount += await this.remove(drive, entry, input.cause);
        context.progress(removedCount);
      }
      const last = batch.at(-1);
      if (last === undefined) return;
      after = positionOf(last);
    }
  }

  private async removeBatch(
    drive: ServedDrive,
    input: RemovalInput,
    after: TimePosition | null,
  ): Promise<number> {
    let count = 0;
    for (const { entry } of await this.findDue(drive, input, after))
      count += await this.remove(drive, entry, input.cause);
    return count;
  }

  /** The next that are to go: all of them where somebody empties the trash, else the old, and then the oldest. */
  private async findDue(
    drive: ServedDrive,
    { cause, until }: RemovalInput,
    after: TimePosition | null,
  ): Promise<TrashedEntry[]> {
    const page = await this.repository.findOldest(drive.id, { after, limit: BATCH });
    const found = page.filter(({ trashedAt }) => trashedAt <= new Date(until));
    if (cause !== null) return found;
    let tooManyBytes = (await this.repository.readBytes(drive.id)) - (await limitOf(drive));
    return found.filter((one) => {
      const isDue = isExpired(one, drive) || tooManyBytes > 0;
      if (isDue) tooManyBytes -= one.entry.size;
      return isDue;
    });
  }

  /** @returns 0 when it is not there any more, or is just being taken out */
  private async remove(
    drive: ServedDrive,
    entry: TrashedEntry['entry'],
    cause: Cause | null,
  ): Promise<number> {
    try {
      await this.mover.delete(drive, entry, cause);
      return 1;
    } catch (error) {
      const isTakenOut =
        error instanceof FileNotFoundError ||
        error instanceof StaleVersionError ||
        error instanceof FileBusyError;
      if (!isTakenOut) throw error;
      return 0;
    }
  }
}

function isExpired({ trashedAt }: TrashedEntry, { trashDays }: ServedDrive): boolean {
  return trashedAt.getTime() + trashDays * DAY_MS <= Date.now();
}

/** How many bytes the trash of a drive may hold. */
async function limitOf({ storage, trashMaxPercent }: ServedDrive): Promise<number> {
  const { totalBytes } = await storage.space();
  return (totalBytes * trashMaxPercent) / 100;
}
