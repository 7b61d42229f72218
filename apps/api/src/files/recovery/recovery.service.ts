import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService } from '../../drives';
import { LOGGER } from '../../platform/logging/logging.module';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { DiscardedFolders } from './discarded-folders.service';
import { UnfinishedRepository } from './unfinished.repository';
import { UnfinishedWrites } from './unfinished-writes.service';

const LOOK_EVERY_MS = 30_000;
const STAGED_KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Finishes or undoes what a crash, a lost database or a failing disk left in the middle: at start-up
 * before anything is served, and again every so often.
 */
@Injectable()
export class RecoveryService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: UnfinishedRepository,
    private readonly drives: DrivesService,
    private readonly unfinished: UnfinishedWrites,
    private readonly discarded: DiscardedFolders,
    private readonly lease: EntryLease,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.recover();
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.recover());
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  /** Looks at everything that nobody is busy with. What cannot be decided now waits for the next time. */
  async recover(): Promise<void> {
    try {
      for (const entry of await this.repository.findAbandoned(this.lease.holder)) {
        if (!this.lease.isHeld(entry.id)) await this.lease.hold(entry.id, () => this.look(entry));
      }
      await this.tidyDrives();
    } catch (error) {
      this.logger.warn({ err: error }, 'Unfinished writes are looked at again in a while.');
    }
  }

  /** Looks at one entry at once, where nobody is busy with it. */
  async recoverOne(id: string): Promise<void> {
    const abandoned = await this.repository.findAbandoned(this.lease.holder);
    const entry = abandoned.find((candidate) => candidate.id === id);
    if (entry !== undefined && !this.lease.isHeld(id))
      await this.lease.hold(id, () => this.look(entry));
  }

  /** What was found may be over by now: only what is still as it was then is acted on. */
  private async look(found: UnfinishedEntry): Promise<void> {
    try {
      const entry = await this.repository.find(found.id);
      if (entry?.state !== found.state || entry.version !== found.version) return;
      // Another disk, or none, lies there: nothing on it says what became of the write.
      if ((await this.drives.stateOf(entry.driveId)) !== 'online') return;
      await this.unfinished.settle(entry, await this.drives.find(entry.driveId));
    } catch (error) {
      this.logger.warn(
        { err: error, entry: found.id },
        'An unfinished write is looked at again in a while.',
      );
    }
  }

  private async tidyDrives(): Promise<void> {
    for (const { id, readOnly } of this.drives.list()) {
      if (readOnly || (await this.drives.stateOf(id)) !== 'online') continue;
      await this.removeForgottenStaging(id);
      await this.discarded.queueForgotten(id);
    }
  }

  /** Staged bytes that no entry counts on; not at once, for the database may be a restored one. */
  private async removeForgottenStaging(driveId: string): Promise<void> {
    const { storage } = await this.drives.find(driveId);
    const limit = Date.now() - STAGED_KEPT_MS;
    const old = (await storage.listStaged()).filter(({ changedAt }) => changedAt.getTime() < limit);
    const names = old.map(({ stagedName }) => stagedName);
    const needed = new Set(await this.repository.findStagedNames(names));
    for (const name of names) if (!needed.has(name)) await storage.removeStaged(name);
  }
}
