import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

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
  /** As the schema of its type in libs/dto says. */
  readonly data: unknown;
}

/** An event of the log. Positions ascend without gaps. */
export interface EventRow extends NewEvent {
  readonly position: number;
  readonly time: Date;
}

export interface EventRange {
  /** Exclusive. */
  readonly after: number;
  readonly limit: number;
}

interface RawEventRow {
  position: string;
  type: string;
  subject: string;
  time: Date;
  driveId: string | null;
  data: unknown;
}

const COLUMNS = `position, type, subject, time, drive_id as "driveId", data`;

@Injectable()
export class EventLogRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async appendToOutbox(event: NewEvent, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into event_outbox (type, subject, time, drive_id, data) values ($1, $2, $3, $4, $5)`,
      [event.type, event.subject, new Date(), event.driveId, JSON.stringify(event.data)],
    );
  }

  /**
   * Numbers what waits in the outbox, oldest first, at most `limit`, and tells every process. The lock
   * on the position makes publishers take turns, so numbers become visible in their order.
   * @returns how many were numbered
   */
  async publish(limit: number): Promise<number> {
    return this.dataSource.transaction('READ COMMITTED', async (manager) => {
      await manager.query(`select position from event_position for update`);
      const rows: { count: string }[] = await manager.query(
        `with taken as (
           delete from event_outbox where id in (select id from event_outbox order by id limit $1) returning *
         ), published as (
           insert into events (position, type, subject, time, drive_id, data)
           select p.position + row_number() over (order by t.id), t.type, t.subject, t.time, t.drive_id, t.data
           from taken t cross join event_position p
           returning 1
         )
         select count(*) as count from published`,
        [limit],
      );
      const count = Number(rows[0]?.count ?? 0);
      if (count > 0) {
        await manager.query(`update event_position set position = position + $1`, [count]);
        await manager.query(`notify ${EVENTS_CHANNEL}`);
      }
      return count;
    });
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

  /** Events in the order of the log. */
  async readAfter({ after, limit }: EventRange): Promise<EventRow[]> {
    return this.read(
      `select ${COLUMNS} from events where position > $1 order by position limit $2`,
      [after, limit],
    );
  }

  /** Events of some types, in the order of the log. @param patterns as `like` takes them */
  async readMatchingAfter(
    { after, limit }: EventRange,
    patterns: readonly string[],
  ): Promise<EventRow[]> {
    return this.read(
      `select ${COLUMNS} from events where position > $1 and type like any ($3) order by position limit $2`,
      [after, limit, patterns],
    );
  }

  /** Events of some types before a position, the newest first. @param patterns as `like` takes them */
  async readMatchingBefore(
    before: number,
    limit: number,
    patterns: readonly string[],
  ): Promise<EventRow[]> {
    return this.read(
      `select ${COLUMNS} from events where position < $1 and type like any ($3) order by position desc limit $2`,
      [before, limit, patterns],
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

  private async read(statement: string, parameters: unknown[]): Promise<EventRow[]> {
    const rows: RawEventRow[] = await this.dataSource.query(statement, parameters);
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }
}
