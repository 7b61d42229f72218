import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService } from '../../drives';
import { LOGGER } from '../../platform/logging/logging.module';
import { TrashRemoval } from './trash-removal.service';

const EVERY_MS = 60 * 60_000;
/** A server that is started once a day, and stopped again, tidies up too. */
const FIRST_AFTER_MS = 60_000;

/** Sees to it that nothing stays in the trash for too long, and that it does not fill the disk. */
@Injectable()
export class TrashUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly removal: TrashRemoval,
    private readonly drives: DrivesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => {
      this.running = this.running.then(() => this.tidy());
    };
    this.timers.push(setTimeout(look, FIRST_AFTER_MS).unref(), setInterval(look, EVERY_MS).unref());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
  }

  async tidy(): Promise<void> {
    for (const drive of this.drives.list()) {
      try {
        if (drive.readOnly || (await this.drives.stateOf(drive.id)) !== 'online') continue;
        await this.removal.tidy(drive);
      } catch (error) {
        this.logger.warn(
          { err: error, drive: drive.id },
          'Its trash is looked at again in an hour.',
        );
      }
    }
  }
}
