import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService } from '../../drives';
import { LOGGER } from '../../platform/logging/logging.module';
import { RegularWork } from '../../platform/upkeep/regular-work';
import { TrashRemoval } from './trash-removal.service';

const EVERY_MS = 60 * 60_000;
/** A server that is started once a day, and stopped again, tidies up too. */
const FIRST_AFTER_MS = 60_000;

/** Sees to it that nothing stays in the trash for too long, and that it does not fill the disk. */
@Injectable()
export class TrashUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly regular = new RegularWork();

  constructor(
    private readonly removal: TrashRemoval,
    private readonly drives: DrivesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.regular.every(EVERY_MS, () => this.tidy(), FIRST_AFTER_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.regular.stop();
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
