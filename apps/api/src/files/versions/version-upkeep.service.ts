import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService, type ServedDrive } from '../../drives';
import { EventFeed } from '../../platform/events/event-feed.service';
import { LOGGER } from '../../platform/logging/logging.module';
import { RegularWork } from '../../platform/upkeep/regular-work';
import { VersionRemoval } from './version-removal.service';

const EVERY_MS = 60 * 60_000;
/** A server that is started once a day, and stopped again, tidies up too. */
const FIRST_AFTER_MS = 90_000;
/** Many deletions come together, and what another program removes has none of it: one look does for all. */
const AFTER_DELETION_MS = 5000;

/** Sees to it that earlier contents become fewer with age, keep to their share of the disk, and go with their files. */
@Injectable()
export class VersionUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly regular = new RegularWork();
  private afterDeletion: NodeJS.Timeout | null = null;
  private unsubscribe: () => void = () => undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly removal: VersionRemoval,
    private readonly drives: DrivesService,
    private readonly feed: EventFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.regular.every(EVERY_MS, () => this.tidyAll(), FIRST_AFTER_MS);
    this.unsubscribe = this.feed.subscribe((events) => {
      if (events.some(({ type }) => type === 'homeserver.file.deleted')) this.planSweep();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.unsubscribe();
    if (this.afterDeletion !== null) clearTimeout(this.afterDeletion);
    await this.regular.stop();
  }

  /** Looks after all drives that are written to. */
  async tidy(): Promise<void> {
    await this.regular.run(() => this.tidyAll());
  }

  private async tidyAll(): Promise<void> {
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
      // After what is under way, so that no two of them remove the same.
      void this.regular.run(() =>
        this.onEachDrive((drive) => this.removal.removeLeft(drive, this.stopping.signal)),
      );
    }, AFTER_DELETION_MS).unref();
  }

  private async onEachDrive(work: (drive: ServedDrive) => Promise<void>): Promise<void> {
    for (const drive of this.drives.list()) {
      if (this.stopping.signal.aborted) return;
      await this.lookAfter(drive, work);
    }
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
