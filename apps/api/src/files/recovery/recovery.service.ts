import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService, type ServedDrive } from '../../drives';
import { LOGGER } from '../../platform/logging/logging.module';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { inLanes } from './in-lanes';
import { DiscardedFolders } from './discarded-folders.service';
import { type AbandonedEntry, UnfinishedRepository } from './unfinished.repository';
import { UnfinishedWrites } from './unfinished-writes.service';

const LOOK_EVERY_MS = 30_000;
const STAGED_KEPT_MS = 24 * 60 * 60 * 1000;
/** Files that are looked up together, and what of them is done at the same time: they share what they wait for. */
const AT_ONCE = 500;
const LANES = 250;

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
      const abandoned = await this.repository.findAbandoned(this.lease.holder);
      // Where a file lies depends on the folders above it: these come first, one after the other.
      for (const entry of abandoned) if (entry.kind === 'folder') await this.lookAt([entry]);
      const files = abandoned.filter(({ kind }) => kind === 'file');
      for (let first = 0; first < files.length; first += AT_ONCE)
        await this.lookAt(files.slice(first, first + AT_ONCE));
      await this.tidyDrives();
    } catch (error) {
      this.logger.warn({ err: error }, 'Unfinished writes are looked at again in a while.');
    }
  }

  /** Looks at one entry at once, where nobody is busy with it. */
  async recoverOne(id: string): Promise<void> {
    const abandoned = await this.repository.findAbandoned(this.lease.holder);
    await this.lookAt(abandoned.filter((candidate) => candidate.id === id));
  }

  /** What was found may be over by now: only what is still as it was then is acted on. */
  private async lookAt(found: readonly AbandonedEntry[]): Promise<void> {
    const free = found.filter(({ id }) => !this.lease.isHeld(id));
    if (free.length === 0) return;
    await this.lease.holdAll(
      free.map(({ id }) => id),
      async () => {
        const byId = new Map(free.map((entry) => [entry.id, entry]));
        const entries = (await this.repository.findAll([...byId.keys()])).filter((entry) => {
          const former = byId.get(entry.id);
          return entry.state === former?.state && entry.version === former.version;
        });
        const online = await this.onlineDrives(entries);
        await inLanes(entries, LANES, (entry) => this.settle(entry, online.get(entry.driveId)));
      },
    );
  }

  /** Where another disk, or none, lies, nothing on it says what became of a write. */
  private async onlineDrives(
    entries: readonly UnfinishedEntry[],
  ): Promise<Map<string, ServedDrive>> {
    const online = new Map<string, ServedDrive>();
    for (const id of new Set(entries.map(({ driveId }) => driveId)))
      if ((await this.drives.stateOf(id)) === 'online') online.set(id, await this.drives.find(id));
    return online;
  }

  private async settle(entry: UnfinishedEntry, drive: ServedDrive | undefined): Promise<void> {
    if (drive === undefined) return;
    try {
      await this.unfinished.settle(entry, drive);
    } catch (error) {
      this.logger.warn(
        { err: error, entry: entry.id },
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
