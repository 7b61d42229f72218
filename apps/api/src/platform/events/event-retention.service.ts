import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import { EventLogRepository } from './event-log.repository';

const KEPT_MS = 90 * 24 * 60 * 60 * 1000;
const LOOK_EVERY_MS = 60 * 60 * 1000;

/** Events are kept for 90 days. */
@Injectable()
export class EventRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: EventLogRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    try {
      await this.repository.deleteOlderThan(new Date(Date.now() - KEPT_MS));
    } catch (error) {
      this.logger.debug({ err: error }, 'Old events stay for another hour: the database is away.');
    }
  }
}
