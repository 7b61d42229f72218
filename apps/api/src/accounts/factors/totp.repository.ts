import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** An authenticator app that was set up. */
export interface TotpRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** A set-up that nobody finishes is void after this. */
const PENDING_FOR = `interval '15 minutes'`;
const IS_PENDING = `confirmed_at is null and created_at > now() - ${PENDING_FOR}`;

/** The authenticator app of each user: at most one, which counts once it was confirmed by a code. */
@Injectable()
export class TotpRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Keeps a secret that is to be confirmed, in place of one that was not. @returns false when there is an app already */
  async begin(id: string, userId: string, secret: Buffer): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `insert into totp_factors as t (id, user_id, secret, created_at) values ($1, $2, $3, now())
       on conflict (user_id) do update set id = excluded.id, secret = excluded.secret, created_at = excluded.created_at
       where t.confirmed_at is null returning 1`,
      [id, userId, secret],
    );
    return rows.length > 0;
  }

  /** The secret that a user is setting up; null when there is none, or it is too old. */
  async findPending(userId: string): Promise<Buffer | null> {
    const rows: { secret: Buffer }[] = await this.dataSource.query(
      `select secret from totp_factors where user_id = $1 and ${IS_PENDING}`,
      [userId],
    );
    return rows[0]?.secret ?? null;
  }

  /**
   * A code of the secret was given: from now on it counts.
   * @param step the time step of the code, which is used up by it
   * @returns the id; null when this secret is no longer the one that is set up
   */
  async confirm(
    userId: string,
    secret: Buffer,
    step: number,
    manager: EntityManager,
  ): Promise<{ id: string; createdAt: Date } | null> {
    const [rows]: [{ id: string; createdAt: Date }[], number] = await manager.query(
      `update totp_factors set confirmed_at = now(), created_at = now(), last_step = $3
       where user_id = $1 and secret = $2 and ${IS_PENDING} returning id, created_at as "createdAt"`,
      [userId, secret, step],
    );
    return rows[0] ?? null;
  }

  /** The secret of a user's app; null where there is none. */
  async findSecret(userId: string): Promise<Buffer | null> {
    const rows: { secret: Buffer }[] = await this.dataSource.query(
      `select secret from totp_factors where user_id = $1 and confirmed_at is not null`,
      [userId],
    );
    return rows[0]?.secret ?? null;
  }

  /**
   * Uses up a time step and all before it. Two requests with one code at the same moment wait for each other
   * here, and the second one finds it used.
   * @returns false when this step, or a later one, was used already
   */
  async useStep(userId: string, secret: Buffer, step: number): Promise<boolean> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `update totp_factors set last_step = $3, last_used_at = now()
       where user_id = $1 and secret = $2 and confirmed_at is not null and last_step < $3`,
      [userId, secret, step],
    );
    return count > 0;
  }
}
