import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../platform/logging/logging.module';
import { AttemptLimiter } from './attempts/attempt-limiter.service';
import { SessionsService } from './sessions/sessions.service';

const EVERY_MS = 60 * 60 * 1000;

/** Removes sessions and counts of attempts that are over. They hold no longer in any case. */
@Injectable()
export class AccountsHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly sessions: SessionsService,
    private readonly limiter: AttemptLimiter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async tidy(): Promise<void> {
    try {
      await this.sessions.deleteExpired();
      await this.limiter.deleteOver();
    } catch (error) {
      this.logger.debug(
        { err: error },
        'Old sessions stay for another hour: the database is away.',
      );
    }
  }
}
