import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import { JobsRepository } from './jobs.repository';

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const LOOK_EVERY_MS = 60 * 60 * 1000;

/** Jobs that are over are kept for a week. */
@Injectable()
export class JobRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: JobsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.prune(), LOOK_EVERY_MS);
    this.timer.unref();
    await this.prune();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    try {
      await this.repository.deleteOver(new Date(Date.now() - KEPT_MS));
    } catch (error) {
      this.logger.debug({ err: error }, 'Old jobs stay for another hour: the database is away.');
    }
  }
}
