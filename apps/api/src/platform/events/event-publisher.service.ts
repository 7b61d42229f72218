import { setTimeout as delay } from 'node:timers/promises';

import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import { EventLogRepository } from './event-log.repository';

const BATCH = 1000;
/** From one run to the next, so that what happens at almost the same time is published together. */
const GATHER_MS = 50;
const RETRY_MS = { first: 50, longest: 5000 };
/** What another process left in the outbox when it died is taken up after so long. */
const LOOK_EVERY_MS = 10_000;

/** Moves events from the outbox into the log, after each commit of ours and until nothing is left. */
@Injectable()
export class EventPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private isWanted = false;
  private running: Promise<void> | null = null;
  private isStopped = false;
  private restedUntil = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: EventLogRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.wake();
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  /** Numbers all that was committed before, by whichever process. @throws when the database is away */
  async publishAll(): Promise<void> {
    while ((await this.repository.publish(BATCH)) === BATCH);
  }

  /** There is something to publish. Many calls while one run is under way make one more run. */
  wake(): void {
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (this.isWanted && !this.isStopped) this.wake();
    });
  }

  private async run(): Promise<void> {
    let pauseMs = RETRY_MS.first;
    while (this.isWanted && !this.isStopped) {
      const restMs = this.restedUntil - performance.now();
      if (restMs > 0) await delay(restMs);
      this.isWanted = false;
      try {
        const count = await this.repository.publish(BATCH);
        if (count === BATCH) this.isWanted = true;
        this.restedUntil = performance.now() + GATHER_MS;
        pauseMs = RETRY_MS.first;
      } catch (error) {
        this.logger.debug({ err: error }, 'Events wait in the outbox: the database is away.');
        this.isWanted = true;
        await delay(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RETRY_MS.longest);
      }
    }
  }
}
