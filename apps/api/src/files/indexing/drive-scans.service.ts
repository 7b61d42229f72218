import type { DecideAttention, Job, ScanDrive } from '@homeserver/dto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import { DriveIndexState, DrivesService, type ServedDrive } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import { NothingToDecideError } from '../files.errors';
import { IndexUpkeepRepository } from './index-upkeep.repository';
import { Indexer } from './indexer.service';

const SAVE_CURSOR_EVERY_MS = 5000;

const scanInput = z.object({
  driveId: z.string(),
  full: z.boolean().default(false),
  forget: z.boolean().default(false),
});
const cursorSchema = z.array(z.string()).nullable();

/** Scans that somebody asks for, and what is decided when one has found too much gone. */
@Injectable()
export class DriveScans implements OnModuleInit {
  constructor(
    private readonly indexer: Indexer,
    private readonly drives: DrivesService,
    private readonly states: DriveIndexState,
    private readonly upkeep: IndexUpkeepRepository,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('scan', (job, context) => this.scan(job, context));
  }

  /** Has a drive looked through. @throws DriveNotFoundError, DriveOfflineError */
  async begin(actor: Actor, driveId: string, { full }: ScanDrive): Promise<Job> {
    const drive = await this.drives.find(driveId);
    await this.drives.requireOnline(drive);
    const [running] = await this.jobs.findActive('scan', driveId);
    if (running !== undefined && !full) return running;
    return this.enqueue(actor, drive, { full, forget: false });
  }

  /**
   * Says what becomes of the entries that a scan found gone.
   * @throws DriveNotFoundError, NothingToDecideError
   */
  async decide(actor: Actor, driveId: string, { decision }: DecideAttention): Promise<void> {
    await this.drives.serveAll();
    const drive = await this.drives.find(driveId);
    if (drive.attention === null) throw new NothingToDecideError();
    if (decision === 'forget') {
      await this.enqueue(actor, drive, { full: false, forget: true });
    } else {
      await this.upkeep.setToleratedCount(driveId, drive.attention.missingCount);
      await this.states.set(driveId, { attention: null, indexState: 'idle' });
    }
  }

  private async enqueue(
    actor: Actor,
    drive: ServedDrive,
    { full, forget }: { full: boolean; forget: boolean },
  ): Promise<Job> {
    return this.jobs.enqueue({
      kind: 'scan',
      title: `${full ? 'Full scan' : 'Scan'} of “${drive.name}”`,
      driveId: drive.id,
      userId: actor.userId,
      input: { driveId: drive.id, full, forget },
      unit: 'entries',
    });
  }

  private async scan({ input, cursor }: JobWork, context: JobContext): Promise<void> {
    const { driveId, full, forget } = scanInput.parse(input);
    const drive = await this.drives.find(driveId);
    let savedAt = Date.now();
    const result = await this.indexer.scan(drive, {
      isFull: full,
      forgetsGone: forget,
      cursor: cursorSchema.parse(cursor),
      signal: context.signal,
      onProgress: (seenCount, names) => {
        context.progress(seenCount);
        if (!full || Date.now() - savedAt < SAVE_CURSOR_EVERY_MS) return;
        savedAt = Date.now();
        context.saveCursor(names).catch(() => undefined); // the next one saves more
      },
    });
    if (result !== null) context.progress(result.seenCount, result.seenCount);
  }
}
