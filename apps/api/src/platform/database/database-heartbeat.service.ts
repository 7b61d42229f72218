import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import { DatabaseSockets } from './database-sockets';
import { DATABASE_URL } from './database-url';

const TICK_MS = 500;
/** Between two questions, and the patience with one. Together they are less than the ten seconds that a call may take. */
const TICKS_BETWEEN = 2;
const TICKS_OF_PATIENCE = 8;

/**
 * Asks the database for a sign of life, over a connection of its own. One that is frozen, or behind a cable that
 * was pulled, neither answers nor ends its connections: they are cut, so that nobody waits for it.
 */
@Injectable()
export class DatabaseHeartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Ticks since the question that has no answer yet, or since the last answer. */
  private ticks = 0;
  private isAsking = false;

  constructor(
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
    private readonly sockets: DatabaseSockets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // Counted in ticks, not by the clock: a machine that slept, or a process that was stopped, has missed none.
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.client?.end().catch(() => undefined);
  }

  private tick(): void {
    this.ticks += 1;
    if (this.isAsking) {
      if (this.ticks > TICKS_OF_PATIENCE) this.giveUp();
    } else if (this.ticks > TICKS_BETWEEN) {
      this.ticks = 0;
      void this.ask();
    }
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    try {
      this.client ??= await this.connect();
      await this.client.query('select 1');
    } catch {
      this.client = null; // it is away, or was given up: whoever needs it is told so by their own connection
    }
    this.isAsking = false;
    this.ticks = 0;
    // Stopped while it was connecting.
    if (this.timer === null) await this.onApplicationShutdown();
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.databaseUrl, stream: this.sockets.make });
    // What became of it is seen when it is asked next.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private giveUp(): void {
    this.ticks = 0;
    this.logger.error('The database does not answer. Its connections are ended, and made anew.');
    this.sockets.cut();
  }
}
