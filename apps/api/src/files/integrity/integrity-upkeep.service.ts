import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/logging/logging.module';
import { IntegrityService } from './integrity.service';

const EVERY_MS = 60 * 60_000;
/** What is asked for at a start comes first. */
const FIRST_AFTER_MS = 5 * 60_000;

/** Sees to it that every file is read once a month. */
@Injectable()
export class IntegrityUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly integrity: IntegrityService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => {
      this.running = this.running.then(() => this.look());
    };
    this.timers.push(setTimeout(look, FIRST_AFTER_MS).unref(), setInterval(look, EVERY_MS).unref());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
  }

  async look(): Promise<void> {
    try {
      await this.integrity.begin();
    } catch (error) {
      this.logger.warn({ err: error }, 'Which files are to be read is looked up in an hour.');
    }
  }
}
