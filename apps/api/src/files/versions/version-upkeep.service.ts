import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService, type ServedDrive } from '../../drives';
import { LOGGER } from '../../platform/logging/logging.module';
import { EntryRecords } from '../entries/entry-records.service';
import { VersionRemoval } from './version-removal.service';

const EVERY_MS = 60 * 60_000;
/** A server that is started once a day, and stopped again, tidies up too. */
const FIRST_AFTER_MS = 90_000;
/** By then the deletion that was heard of is committed, and so are those that came with it. */
const AFTER_DELETION_MS = 1000;

/** Sees to it that earlier contents become fewer with age, keep to their share of the disk, and go with their files. */
@Injectable()
export class VersionUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private afterDeletion: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly removal: VersionRemoval,
    private readonly drives: DrivesService,
    private readonly records: EntryRecords,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => void this.tidy();
    this.timers.push(setTimeout(look, FIRST_AFTER_MS).unref(), setInterval(look, EVERY_MS).unref());
    this.records.onDeleted(() => this.planSweep());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearTimeout(timer);
    if (this.afterDeletion !== null) clearTimeout(this.afterDeletion);
    await this.running;
  }

  /** Looks after all drives that are written to. */
  async tidy(): Promise<void> {
    const { signal } = this.stopping;
    await this.onEachDrive(async (drive) => {
      await this.removal.removeLeft(drive, signal);
      await this.removal.thin(drive, signal);
      await this.removal.keepToShare(drive, signal);
    });
  }

  private planSweep(): void {
    if (this.afterDeletion !== null || this.stopping.signal.aborted) return;
    this.afterDeletion = setTimeout(() => {
      this.afterDeletion = null;
      void this.onEachDrive((drive) => this.removal.removeLeft(drive, this.stopping.signal));
    }, AFTER_DELETION_MS).unref();
  }

  /** One after the other, so that no two of them remove the same. */
  private onEachDrive(work: (drive: ServedDrive) => Promise<void>): Promise<void> {
    this.running = this.running.then(async () => {
      for (const drive of this.drives.list()) {
        if (this.stopping.signal.aborted) return;
        await this.lookAfter(drive, work);
      }
    });
    return this.running;
  }

  private async lookAfter(
    drive: ServedDrive,
    work: (drive: ServedDrive) => Promise<void>,
  ): Promise<void> {
    try {
      if (drive.readOnly || (await this.drives.stateOf(drive.id)) !== 'online') return;
      await work(drive);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.logger.warn(
        { err: error, drive: drive.id },
        'The earlier versions on it are looked after again in an hour.',
      );
    }
  }
}
