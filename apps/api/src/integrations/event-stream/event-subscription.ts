import { setTimeout as delay } from 'node:timers/promises';

import type { WebSocket } from 'ws';

import type { EventFeed } from '../../platform/events/event-feed.service';
import type {
  AddressedEvent,
  EventReader,
  EventRow,
} from '../../platform/events/event-log.repository';
import { CloseCode } from '../../platform/sockets/close-codes';
import { type EventStreamService, matchesTypes, toEvent } from './event-stream.service';

const BATCH = 500;
const RETRY_MS = 1000;
/** Frames that may wait for a reader. */
const BACKLOG_BYTES = 1024 * 1024;

/** Who reads, and what they asked for. */
export interface EventWish {
  readonly reader: EventReader;
  readonly types: string | undefined;
}

/**
 * One reader of the log: first reads what it has missed, then takes part in the feed. Between the two
 * nothing is lost or doubled, because it joins the feed only at the position that it has read to.
 */
export class EventSubscription {
  private isEnded = false;
  private leaveFeed: (() => void) | null = null;

  constructor(
    private readonly socket: WebSocket,
    private readonly wish: EventWish,
    private readonly stream: EventStreamService,
    private readonly feed: EventFeed,
  ) {
    socket.once('close', () => this.end());
  }

  /** @param position the last event that the reader has */
  async follow(position: number): Promise<void> {
    let reached = position;
    while (!this.isEnded) {
      if (reached >= this.feed.position) return this.joinFeed(reached);
      try {
        const until = this.feed.position;
        const { reader } = this.wish;
        const events = await this.stream.readVisible(reached, until, reader, BATCH);
        await this.sendAndWait(events);
        const last = events.at(-1);
        reached = events.length === BATCH && last !== undefined ? last.position : until;
      } catch {
        // The database is away, or the socket is closing: the next round tells which.
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private joinFeed(position: number): void {
    this.leaveFeed = this.feed.subscribe((events) => {
      for (const event of events) {
        if (event.position > position && this.maySee(event)) this.send(event);
      }
      if (this.socket.bufferedAmount > BACKLOG_BYTES) {
        this.end();
        this.socket.close(CloseCode.tooSlow, 'The reader is too slow.');
      }
    });
  }

  private maySee({ audience, readerIds }: AddressedEvent): boolean {
    const { userId, isAdministrator } = this.wish.reader;
    return (audience === 'drive' || isAdministrator) && readerIds.includes(userId);
  }

  private end(): void {
    this.isEnded = true;
    this.leaveFeed?.();
  }

  private send(event: EventRow): void {
    if (matchesTypes(event.type, this.wish.types)) this.socket.send(JSON.stringify(toEvent(event)));
  }

  /** Sends a batch and waits until the socket has taken it, so that a long history needs little memory. */
  private async sendAndWait(events: readonly EventRow[]): Promise<void> {
    const wanted = events.filter((event) => matchesTypes(event.type, this.wish.types));
    const last = wanted.at(-1);
    for (const event of wanted) {
      if (event !== last) this.send(event);
      else
        await new Promise<void>((taken) =>
          this.socket.send(JSON.stringify(toEvent(event)), () => taken()),
        );
    }
  }
}
