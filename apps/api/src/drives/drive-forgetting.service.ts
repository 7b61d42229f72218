import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import type { Actor } from '../platform/access/actor';
import { EventTransactions } from '../platform/events/event-transactions';
import type { JobContext, JobWork } from '../platform/jobs/job';
import { JobsService } from '../platform/jobs/jobs.service';
import { DriveRowsRepository } from './drive-rows.repository';
import { DrivesService } from './drives.service';
import { FolderTotalsRepository } from './folder-totals.repository';
import { ForgottenEntriesRepository } from './forgotten-entries.repository';
import type { ServedDrive } from './served-drive';

const inputSchema = z.object({ driveId: z.uuid() });
const cursorSchema = z.object({ lastId: z.uuid(), removedCount: z.int() }).nullable();
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const ENDED_WITH_IT = ['scan', 'copy', 'move', 'integrity'] as const;

/** Forgets drives: at once for everybody, and what was known of their entries in the background. */
@Injectable()
export class DriveForgetting implements OnModuleInit {
  constructor(
    private readonly drives: DrivesService,
    private readonly rows: DriveRowsRepository,
    private readonly totals: FolderTotalsRepository,
    private readonly entries: ForgottenEntriesRepository,
    private readonly transactions: EventTransactions,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('forget', (job, context) => this.removeEntries(job, context));
  }

  async forget({ id, name }: ServedDrive, cause: Actor): Promise<void> {
    const held = (await this.totals.readAll()).find(({ driveId }) => driveId === id);
    await this.transactions.run(async ({ manager, record }) => {
      await this.rows.lock(manager);
      await this.rows.delete(id, manager);
      await this.jobs.enqueue(
        {
          kind: 'forget',
          title: `Forget what was on “${name}”`,
          driveId: id,
          userId: cause.userId,
          input: { driveId: id },
          unit: 'entries',
          total: (held?.fileCount ?? 0) + (held?.folderCount ?? 0) + 1,
        },
        manager,
      );
      await record({
        type: 'homeserver.drive.forgotten',
        subject: `drives/${id}`,
        driveId: null,
        audience: 'administrators',
        cause,
        data: { driveName: name },
      });
    });
    await this.endJobs(id);
    await this.drives.serveAll();
    this.jobs.wake();
  }

  private async endJobs(driveId: string): Promise<void> {
    for (const kind of ENDED_WITH_IT)
      for (const { id } of await this.jobs.findActive(kind, driveId))
        await this.jobs.stop(id).catch(() => undefined); // over by now
  }

  /** Part by part, each in its own transaction with where the next one begins. */
  private async removeEntries({ input, cursor }: JobWork, context: JobContext): Promise<void> {
    const { driveId } = inputSchema.parse(input);
    let { lastId, removedCount } = cursorSchema.parse(cursor) ?? {
      lastId: FIRST_ID,
      removedCount: 0,
    };
    for (;;) {
      context.signal.throwIfAborted();
      const part = await this.entries.findPart(driveId, lastId);
      if (part === null) break;
      removedCount += part.ids.length;
      lastId = part.lastId;
      await this.transactions.run(async ({ manager }) => {
        await this.entries.remove(part.ids, manager);
        await context.saveCursor({ lastId, removedCount }, manager);
      });
      context.progress(removedCount);
    }
    await this.entries.removeRest(driveId);
  }
}
