import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** Whoever wants room takes turns with those who want some of the same user's, by this key and theirs. */
const QUOTAS_LOCK = 7_210_012;
const HELD = `now() + interval '2 minutes'`;
const FOLDED_AT_ONCE = 50_000;

/** Room that is kept for bytes on their way. */
export interface HeldRoom {
  readonly id: string;
  readonly userId: string;
  readonly bytes: number;
  readonly holder: string;
}

/** The tables `quota_holds` and `stored_bytes_changes`; what counts is a function of the database, `used_bytes`. */
@Injectable()
export class QuotasRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async hasQuota(userId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from users where id = $1 and quota_bytes is not null`,
      [userId],
    );
    return rows.length > 0;
  }

  /**
   * Keeps so much room from now on, instead of what was kept under this id before. Less than that is always kept.
   * @returns false when there is not so much, and all stays as it was
   */
  async hold(room: HeldRoom): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      // Each statement sees what was there when it began: what others hold is looked at after the lock.
      await manager.query(`select pg_advisory_xact_lock($1, hashtext($2))`, [
        QUOTAS_LOCK,
        room.userId,
      ]);
      const rows: unknown[] = await manager.query(
        `insert into quota_holds (id, user_id, bytes, holder, held_until)
         select $1, u.id, $3::bigint, $4, ${HELD} from users u
         left join quota_holds h on h.id = $1 and h.held_until > now()
         where u.id = $2 and ($3::bigint <= coalesce(h.bytes, 0) or u.quota_bytes is null
           or used_bytes(u.id) - coalesce(h.bytes, 0) + $3::bigint <= u.quota_bytes)
         on conflict (id) do update set bytes = excluded.bytes, held_until = excluded.held_until
         returning 1`,
        [room.id, room.userId, room.bytes, room.holder],
      );
      return rows.length > 0;
    });
  }

  async release(id: string, manager: EntityManager = this.dataSource.manager): Promise<void> {
    await manager.query(`delete from quota_holds where id = $1`, [id]);
  }

  async prolong(ids: readonly string[]): Promise<void> {
    await this.dataSource.query(`update quota_holds set held_until = ${HELD} where id = any ($1)`, [
      ids,
    ]);
  }

  /** What an earlier process of the same holder has left, and what has run out. */
  async deleteLeft(holder: string): Promise<void> {
    await this.dataSource.query(
      `delete from quota_holds where holder = $1 or held_until < now() - interval '1 hour'`,
      [holder],
    );
  }

  /** Adds up what was noted. @returns whether there may be more */
  async fold(): Promise<boolean> {
    const rows: { count: string }[] = await this.dataSource.query(
      `with gone as (
         delete from stored_bytes_changes where id in (
           select id from stored_bytes_changes order by id limit ${FOLDED_AT_ONCE} for update skip locked
         ) returning user_id, bytes
       ), sums as (
         select user_id, sum(bytes) as bytes from gone group by user_id
       ), added as (
         update users u set stored_bytes = stored_bytes + s.bytes from sums s where s.user_id = u.id
       ) select count(*) as count from gone`,
    );
    return Number(rows[0]?.count ?? 0) === FOLDED_AT_ONCE;
  }
}
