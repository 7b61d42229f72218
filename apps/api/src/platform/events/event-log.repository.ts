import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import type { Cause } from '../access/actor';
import { NamedStatements, runNamed } from '../database/named-statements';
import { INTO_OUTBOX, outboxValues } from './outbox';

/** The channel on which every process hears that the log has grown. */
export const EVENTS_CHANNEL = 'homeserver_events';

/** What a domain says has happened, in the transaction in which it happens. */
export interface NewEvent {
  /** Such as `homeserver.file.created`. */
  readonly type: string;
  /** What it happened to, such as `files/<id>`. */
  readonly subject: string;
  /** The drive whose permissions decide who may see it; null where none does. */
  readonly driveId: string | null;
  /** Who may see it: whoever may read the drive, or administrators alone. */
  readonly audience: 'drive' | 'administrators';
  /** Who has caused it; null: HomeServer itself. */
  readonly cause: Cause | null;
  /** As the schema of its type in libs/dto says. */
  readonly data: unknown;
}

/** An event of the log. Positions ascend without gaps. */
export interface EventRow extends Pick<NewEvent, 'type' | 'subject' | 'data'> {
  readonly position: number;
  readonly time: Date;
}

/** An event, and who may see it at the moment of the reading. */
export interface AddressedEvent extends EventRow {
  readonly audience: NewEvent['audience'];
  readonly readerIds: readonly string[];
}

/** Somebody who reads the log. */
export interface EventReader {
  readonly userId: string;
  /** Whether they may read as an administrator here: a token of one may do less. */
  readonly isAdministrator: boolean;
}

/** An event, and what is kept of who caused it. */
export interface CausedEvent extends EventRow {
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly clientAddress: string | null;
}

export interface EventRange {
  /** Exclusive. */
  readonly after: number;
  readonly limit: number;
}

/** Which events a page of them is about. @param patterns as `like` takes them */
export interface EventSelection {
  readonly reader: EventReader;
  readonly patterns: readonly string[];
  readonly limit: number;
}

/** A row as the driver gives it: whole numbers beyond 53 bits are texts. */
type Raw<Row extends EventRow> = Omit<Row, 'position'> & { readonly position: string };

const COLUMNS = `e.position, e.type, e.subject, e.time, e.data`;

/**
 * Whether the reader of two parameters may see an event now. Grants are looked up at delivery, so one that was
 * taken away closes what happened before, too.
 */
const visibleTo = (user: string, isAdministrator: string) => `case e.audience
  when 'drive' then exists (select 1 from drive_grants g where g.drive_id = e.drive_id and g.user_id = ${user})
  else ${isAdministrator}::boolean and
    exists (select 1 from users u where u.id = ${user} and u.role = 'admin' and not u.disabled) end`;

/** All users who may see an event now: for the feed, which serves many readers with one reading. */
const READERS = `array(select g.user_id from drive_grants g where e.audience = 'drive' and g.drive_id = e.drive_id
  union all select u.id from users u where e.audience = 'administrators' and u.role = 'admin' and not u.disabled)`;

const READ_ADDRESSED = {
  name: 'read-addressed-events',
  text: `select ${COLUMNS}, e.audience, ${READERS} as "readerIds" from events e where e.position > $1 order by e.position limit $2`,
};

/**
 * The lock on the position makes publishers take turns, so numbers become visible in their order. It comes before
 * anything is taken; what another one has taken while it was waited for is not taken again.
 */
const PUBLISH = {
  name: 'publish-events',
  text: `with waiting as (select id from event_outbox order by id limit $1),
    place as (select position from event_position for update),
    taken as (
      delete from event_outbox where id in (select id from waiting) and exists (select from place) returning *),
    published as (
      insert into events (position, type, subject, time, drive_id, data, audience, actor_id, actor_name, client_address)
      select place.position + row_number() over (order by t.id), t.type, t.subject, t.time, t.drive_id, t.data,
        t.audience, t.actor_id, t.actor_name, t.client_address
      from taken t cross join place returning 1),
    moved as (update event_position set position = position + (select count(*) from published)
      where exists (select from published) returning pg_notify('${EVENTS_CHANNEL}', ''))
    select count(*) from waiting`,
};

const APPEND_TO_OUTBOX = {
  name: 'append-to-outbox',
  text: `${INTO_OUTBOX} values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};

@Injectable()
export class EventLogRepository {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  async appendToOutbox(event: NewEvent, manager: EntityManager): Promise<void> {
    await runNamed(manager, APPEND_TO_OUTBOX, outboxValues(event));
  }

  /** The same for many, in their order, by one statement. */
  async appendAllToOutbox(events: readonly NewEvent[], manager: EntityManager): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(outboxValues);
    await manager.query(
      `${INTO_OUTBOX}
       select e.type, e.subject, e.time, e.drive_id, e.data, e.audience, e.actor_id, e.actor_name, e.client_address
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[], $5::jsonb[], $6::text[], $7::uuid[], $8::text[], $9::text[])
         with ordinality as e (type, subject, time, drive_id, data, audience, actor_id, actor_name, client_address, place)
       order by e.place`,
      Array.from({ length: 9 }, (_, column) => rows.map((row) => row[column])),
    );
  }

  /**
   * Numbers what waits in the outbox, oldest first, at most `limit`, and tells every process.
   * @returns how many waited, of those: as many as `limit` where there may be more
   */
  async publish(limit: number): Promise<number> {
    const rows = await this.statements.read<{ count: string }>(PUBLISH, [limit]);
    return Number(rows[0]?.count ?? 0);
  }

  /** The number of the newest event; 0 before the first. */
  async readPosition(): Promise<number> {
    const rows: { position: string }[] = await this.dataSource.query(
      `select position from event_position`,
    );
    return Number(rows[0]?.position ?? 0);
  }

  /** The number of the oldest event that is kept; null when none is. */
  async readOldestPosition(): Promise<number | null> {
    const rows: { position: string | null }[] = await this.dataSource.query(
      `select min(position) as position from events`,
    );
    const position = rows[0]?.position ?? null;
    return position === null ? null : Number(position);
  }

  /** All events in the order of the log, each with those who may see it. */
  async readAddressed({ after, limit }: EventRange): Promise<AddressedEvent[]> {
    const rows = await this.statements.read<Raw<AddressedEvent>>(READ_ADDRESSED, [after, limit]);
    return rows.map(numbered);
  }

  /**
   * What somebody may see, in the order of the log, up to a position: a reader that begins behind the feed
   * catches up by it.
   */
  async readVisible(
    { after, limit }: EventRange,
    until: number,
    reader: EventReader,
  ): Promise<EventRow[]> {
    return this.read<EventRow>(
      `select ${COLUMNS} from events e where e.position > $1 and e.position <= $2 and ${visibleTo('$3', '$4')}
       order by e.position limit $5`,
      [after, until, reader.userId, reader.isAdministrator, limit],
    );
  }

  /** Events of some types that somebody may see, in the order of the log. */
  async readMatchingAfter(after: number, selection: EventSelection): Promise<EventRow[]> {
    return this.read<EventRow>(
      `select ${COLUMNS} from events e where e.position > $1 and e.type like any ($2) and ${visibleTo('$3', '$4')}
       order by e.position limit $5`,
      [after, ...parametersOf(selection)],
    );
  }

  /** Events of some types before a position that somebody may see, the newest first. */
  async readMatchingBefore(before: number, selection: EventSelection): Promise<EventRow[]> {
    return this.read<EventRow>(
      `select ${COLUMNS} from events e where e.position < $1 and e.type like any ($2) and ${visibleTo('$3', '$4')}
       order by e.position desc limit $5`,
      [before, ...parametersOf(selection)],
    );
  }

  /** The same with who caused them. @param actorId only what this user did; null: everybody */
  async readCausedBefore(
    before: number,
    actorId: string | null,
    selection: EventSelection,
  ): Promise<CausedEvent[]> {
    return this.read<CausedEvent>(
      `select ${COLUMNS}, e.actor_id as "actorId", e.actor_name as "actorName", e.client_address as "clientAddress"
       from events e where e.position < $1 and e.type like any ($2) and ${visibleTo('$3', '$4')}
         and ($6::uuid is null or e.actor_id = $6) order by e.position desc limit $5`,
      [before, ...parametersOf(selection), actorId],
    );
  }

  /** Removes what is older than a moment, from the beginning of the log only: it never gets holes. */
  async deleteOlderThan(time: Date): Promise<void> {
    await this.dataSource.query(
      `delete from events where position <
         (select coalesce(min(position), (select position + 1 from event_position)) from events where time >= $1)`,
      [time],
    );
  }

  private async read<Row extends EventRow>(
    statement: string,
    parameters: unknown[],
  ): Promise<(Omit<Row, 'position'> & { position: number })[]> {
    const rows: Raw<Row>[] = await this.dataSource.query(statement, parameters);
    return rows.map(numbered);
  }
}

function numbered<Row extends EventRow>(
  row: Raw<Row>,
): Omit<Row, 'position'> & { position: number } {
  return { ...row, position: Number(row.position) };
}

function parametersOf({ patterns, reader, limit }: EventSelection): unknown[] {
  return [patterns, reader.userId, reader.isAdministrator, limit];
}
