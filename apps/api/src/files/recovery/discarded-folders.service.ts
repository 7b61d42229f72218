import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import { DrivesService } from '../../drives';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import type { RemovalInput } from '../entries/folder-writes.service';
import { UnfinishedRepository } from './unfinished.repository';

const inputSchema = z.object({ driveId: z.uuid(), discardedName: z.string() });

/** Folders that are deleted already, and whose bytes still take room. */
@Injectable()
export class DiscardedFolders implements OnModuleInit {
  /** Those that this process has put in the queue: one that failed is not tried again before the next start. */
  private readonly queued = new Set<string>();

  constructor(
    private readonly repository: UnfinishedRepository,
    private readonly drives: DrivesService,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('delete', (work, context) => this.remove(work, context));
  }

  /** Has the bytes removed of what a job left behind: one that failed, or of a database that was restored. */
  async queueForgotten(driveId: string): Promise<void> {
    const { storage, readOnly } = await this.drives.find(driveId);
    if (readOnly) return;
    const names = (await storage.listDiscarded()).filter(
      (name) => z.uuid().safeParse(name).success && !this.queued.has(name),
    );
    if (names.length === 0) return;
    for (const discardedName of await this.repository.findForgottenDiscards(names)) {
      this.queued.add(discardedName);
      const input: RemovalInput = { driveId, discardedName };
      await this.jobs.enqueue({
        kind: 'delete',
        title: 'Removal of a deleted folder',
        driveId,
        userId: null,
        input,
        unit: 'entries',
      });
    }
  }

  private async remove({ input }: JobWork, context: JobContext): Promise<void> {
    const { driveId, discardedName } = inputSchema.parse(input);
    this.queued.add(discardedName);
    const drive = await this.drives.find(driveId);
    await this.drives.requireWritable(drive);
    await drive.storage.removeDiscarded(discardedName, context.signal, (count) =>
      context.progress(count),
    );
  }
}
