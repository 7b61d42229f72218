import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/logging/logging.module';
import { IndexUpkeepRepository } from './index-upkeep.repository';

const EVERY_MS = 60 * 60_000;

/** Forgets what has been missing for thirty days. */
@Injectable()
export class IndexUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: IndexUpkeepRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forgetMissing(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  async forgetMissing(): Promise<void> {
    try {
      while ((await this.repository.removeLongMissing()) > 0);
    } catch (error) {
      this.logger.warn({ err: error }, 'What has been missing for long is forgotten later.');
    }
  }
}
