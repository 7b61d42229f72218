import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/logging/logging.module';
import { RegularWork } from '../../platform/upkeep/regular-work';
import { IntegrityService } from './integrity.service';

const EVERY_MS = 60 * 60_000;
/** What is asked for at a start comes first. */
const FIRST_AFTER_MS = 5 * 60_000;

/** Sees to it that every file is read once a month. */
@Injectable()
export class IntegrityUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly regular = new RegularWork();

  constructor(
    private readonly integrity: IntegrityService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.regular.every(EVERY_MS, () => this.look(), FIRST_AFTER_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.regular.stop();
  }

  async look(): Promise<void> {
    try {
      await this.integrity.begin();
    } catch (error) {
      this.logger.warn({ err: error }, 'Which files are to be read is looked up in an hour.');
    }
  }
}
