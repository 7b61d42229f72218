import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DatabaseNotifications } from '../database/database-notifications';
import { LOGGER } from '../logging/logging.module';
import { type AddressedEvent, EVENTS_CHANNEL, EventLogRepository } from './event-log.repository';

const BATCH = 500;
/** A notification can be lost with its connection: so often the log is looked at without one. */
const LOOK_EVERY_MS = 5000;

type Listener = (events: readonly AddressedEvent[]) => void;

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
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: EventLogRepository,
    private readonly notifications: DatabaseNotifications,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.lastPosition = await this.repository.readPosition();
    this.timer = setInterval(() => void this.read(), LOOK_EVERY_MS);
    this.timer.unref();
    await this.notifications.listen(EVENTS_CHANNEL, () => void this.read());
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.notifications.stop();
  }

  /** The position up to which events were handed out. */
  get position(): number {
    return this.lastPosition;
  }

  /**
   * Calls `listener` with every event after `position`; whom it may be told is said by its readerIds.
   * Returns how to stop that.
   */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One that fails must not keep the others from hearing. */
  private tell(listener: Listener, events: readonly AddressedEvent[]): void {
    try {
      listener(events);
    } catch (error) {
      this.listeners.delete(listener);
      this.logger.error(
        { err: error },
        'A reader of the event log failed and is left out from now on.',
      );
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
        const events = await this.repository.readAddressed({
          after: this.lastPosition,
          limit: BATCH,
        });
        const last = events.at(-1);
        if (last === undefined) continue;
        this.lastPosition = last.position;
        if (events.length === BATCH) this.isReadWanted = true;
        for (const listener of this.listeners) this.tell(listener, events);
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'The event log cannot be read at the moment.');
    } finally {
      this.isReading = false;
    }
  }
}
