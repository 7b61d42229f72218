import type { EventPage, HomeServerEvent, ListEventsQuery } from '@homeserver/dto';
import { homeServerEventSchema } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { EventPublisher } from '../../platform/events/event-publisher.service';
import {
  EventLogRepository,
  type EventReader,
  type EventRow,
} from '../../platform/events/event-log.repository';
import { DomainError, InvalidInputError } from '../../platform/http/domain-error';

const SOURCE = '/homeserver';
const ALL_TYPES = ['%'];

/** Reads the event log for those outside. */
@Injectable()
export class EventStreamService {
  constructor(
    private readonly repository: EventLogRepository,
    private readonly publisher: EventPublisher,
  ) {}

  /**
   * A page of the log: from `after` on in its order, or, with `order` desc, the newest first.
   * @throws DomainError `events.expired` (410)
   */
  async list(
    reader: EventReader,
    { types, after, order, cursor, limit }: ListEventsQuery,
  ): Promise<EventPage> {
    const position = cursorPosition(cursor);
    const selection = { reader, patterns: typePatterns(types), limit: limit + 1 };
    const rows =
      order === 'desc'
        ? await this.repository.readMatchingBefore(position ?? Number.MAX_SAFE_INTEGER, selection)
        : await this.repository.readMatchingAfter(await this.startOf(cursor ?? after), selection);
    const items = rows.slice(0, limit).map(toEvent);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /**
   * Where a reader begins that wants only what is new: what has happened until now gets its number first,
   * else it would come as new.
   */
  async endOfLog(): Promise<number> {
    await this.publisher.publishAll();
    return this.repository.readPosition();
  }

  /**
   * The position to read on from.
   * @param after as the contract has it: absent means only what is new, 0 from the oldest kept
   * @throws DomainError `events.expired` (410) when events after it are no longer kept
   */
  async startOf(after: string | undefined): Promise<number> {
    const newest = await this.repository.readPosition();
    if (after === undefined) return newest;
    const position = Number(after);
    if (position === 0) return 0;
    const oldest = (await this.repository.readOldestPosition()) ?? newest + 1;
    // After the newest: the reader followed a log that was replaced, by a restored one for instance.
    if (position < oldest - 1 || position > newest) {
      throw new DomainError(
        'events.expired',
        410,
        'Events after this one are no longer all kept. Read the present state anew, then follow from there.',
      );
    }
    return position;
  }

  /** What somebody may see after a position, up to another one, of all types. */
  async readVisible(
    after: number,
    until: number,
    reader: EventReader,
    limit: number,
  ): Promise<EventRow[]> {
    return this.repository.readVisible({ after, limit }, until, reader);
  }
}

/** What a caller may see of the log is a matter of their user, and of the scopes that they have here. */
export function readerOf({ userId, scopes }: Actor): EventReader {
  return { userId, isAdministrator: scopes.includes('admin') };
}

/** The position that a cursor of ours stands for. @throws InvalidInputError when it is none */
export function cursorPosition(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new InvalidInputError([
    { pointer: '#/query/cursor', detail: 'This cursor is not one of ours.' },
  ]);
}

/** Whether an event is of one of the types that were asked for. */
export function matchesTypes(type: string, types: string | undefined): boolean {
  if (types === undefined) return true;
  return types
    .split(',')
    .some((wanted) =>
      wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted,
    );
}

export function typePatterns(types: string | undefined): string[] {
  if (types === undefined) return ALL_TYPES;
  return types.split(',').map((type) => type.replaceAll('_', '\\_').replace(/\*$/, '%'));
}

/** CloudEvents 1.0. */
export function toEvent(row: EventRow): HomeServerEvent {
  return homeServerEventSchema.parse({
    specversion: '1.0',
    id: String(row.position),
    source: SOURCE,
    type: row.type,
    time: row.time.toISOString(),
    subject: row.subject,
    datacontenttype: 'application/json',
    data: row.data,
  });
}
