import { setTimeout as delay } from 'node:timers/promises';

import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';

import { DATABASE_URL } from '../database/database.module';
import { LOGGER } from '../logging/logging.module';
import { EVENTS_CHANNEL, EventLogRepository, type EventRow } from './event-log.repository';

const BATCH = 500;
const RECONNECT_MS = 1000;
/** A notification can be lost with its connection: so often the log is looked at without one. */
const LOOK_EVERY_MS = 5000;

type Listener = (events: readonly EventRow[]) => void;

/**
 * Follows the log as it grows, once for the whole process, and hands each new event to whoever listens:
 * in order, none left out, none twice.
 */
@Injectable()
export class EventFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Set<Listener>();
  private lastPosition = 0;
  private isReading = false;
  private isReadWanted = false;
  private isStopped = false;
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
    private readonly repository: EventLogRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.lastPosition = await this.repository.readPosition();
    this.timer = setInterval(() => void this.read(), LOOK_EVERY_MS);
    this.timer.unref();
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.client?.end().catch(() => undefined); // it may have ended by itself
  }

  /** The position up to which events were handed out. */
  get position(): number {
    return this.lastPosition;
  }

  /** Calls `listener` with every event after `position`. Returns how to stop that. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async listen(): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl, keepAlive: true });
    let isLost = false;
    const reconnect = () => {
      if (isLost || this.isStopped) return;
      isLost = true;
      void delay(RECONNECT_MS).then(() => (this.isStopped ? undefined : this.listen()));
    };
    client.on('error', reconnect);
    client.on('end', reconnect);
    client.on('notification', () => void this.read());
    this.client = client;
    try {
      await client.connect();
      await client.query(`listen ${EVENTS_CHANNEL}`);
      await this.read();
    } catch (error) {
      this.logger.debug({ err: error }, 'The event log cannot be followed at the moment.');
      reconnect();
    }
  }

  /** Reads on from the last position. Calls that come while it reads make it read once more. */
  private async read(): Promise<void> {
    this.isReadWanted = true;
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.isReadWanted) {
        this.isReadWanted = false;
        const events = await this.repository.readAfter({ after: this.lastPosition, limit: BATCH });
        const last = events.at(-1);
        if (last === undefined) continue;
        this.lastPosition = last.position;
        if (events.length === BATCH) this.isReadWanted = true;
        for (const listener of this.listeners) listener(events);
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'The event log cannot be read at the moment.');
    } finally {
      this.isReading = false;
    }
  }
}
