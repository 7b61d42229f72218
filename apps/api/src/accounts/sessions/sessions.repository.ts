import type { Role } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { GatheredReads, type Keyed } from '../../platform/database/gathered-reads';
import { anyOf, NamedStatements } from '../../platform/database/named-statements';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly secretHash: Buffer;
  readonly clientAddress: string;
  readonly userAgent: string;
  /** null: at this moment. */
  readonly provenAt: Date | null;
}

export interface SessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly clientAddress: string;
  readonly userAgent: string;
}

/** A session that holds, and whose it is. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  readonly hasQuota: boolean;
  readonly confirmedAt: Date;
  /** Whether it was seen so long ago that it has to be noted. */
  readonly isStale: boolean;
}

/** How long a session holds without being used. */
const KEPT = `interval '30 days'`;
const NOTED_EVERY = `interval '5 minutes'`;
const COLUMNS = `id, created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt",
  client_address as "clientAddress", user_agent as "userAgent"`;

const FIND_LIVE = {
  name: 'find-live-sessions',
  text: `select encode(s.secret_hash, 'hex') as key, s.id, s.user_id as "userId", u.username, u.role, u.quota_bytes is not null as "hasQuota", s.confirmed_at as "confirmedAt",
              s.last_seen_at < now() - ${NOTED_EVERY} as "isStale"
       from sessions s join users u on u.id = s.user_id
       where s.secret_hash = ${anyOf('$1::bytea[]')} and s.expires_at > now() and not u.disabled`,
};

@Injectable()
export class SessionsRepository {
  private readonly live = new GatheredReads<LiveSession & Keyed>((hashes) =>
    this.statements.read(FIND_LIVE, [hashes.map((hex) => Buffer.from(hex, 'hex'))]),
  );

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  async insert(session: NewSession, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into sessions (id, user_id, secret_hash, created_at, confirmed_at, last_seen_at, expires_at, client_address, user_agent)
       values ($1, $2, $3, now(), least(now(), coalesce($6, now())), now(), now() + ${KEPT}, $4, $5)`,
      [
        session.id,
        session.userId,
        session.secretHash,
        session.clientAddress,
        session.userAgent,
        session.provenAt,
      ],
    );
  }

  /** The session of a secret, if it has not ended and its user may come in; else null. */
  async findLive(secretHash: Buffer): Promise<LiveSession | null> {
    return this.live.find(secretHash.toString('hex'));
  }

  /** Those of some sessions that hold. */
  async findRoles(ids: readonly string[]): Promise<{ id: string; role: Role }[]> {
    return this.dataSource.query(
      `select s.id, u.role from sessions s join users u on u.id = s.user_id
       where s.id = any ($1) and s.expires_at > now() and not u.disabled`,
      [ids],
    );
  }

  /** Notes that a session was used, and makes it hold longer. */
  async prolong(id: string, clientAddress: string): Promise<void> {
    await this.dataSource.query(
      `with seen as (
         update sessions set last_seen_at = now(), expires_at = now() + ${KEPT}, client_address = $2
         where id = $1 returning user_id
       ) update users set last_seen_at = now() where id in (select user_id from seen)`,
      [id, clientAddress],
    );
  }

  /** Notes that the person has just proved who they are. */
  async confirm(id: string): Promise<void> {
    await this.dataSource.query(`update sessions set confirmed_at = now() where id = $1`, [id]);
  }

  /** All sessions of a user that hold, the one used last first. */
  async list(userId: string): Promise<SessionRow[]> {
    return this.dataSource.query(
      `select ${COLUMNS} from sessions where user_id = $1 and expires_at > now() order by last_seen_at desc, id`,
      [userId],
    );
  }

  /** @returns false when this user has no such session */
  async delete(userId: string, id: string, manager?: EntityManager): Promise<boolean> {
    const [, count]: [unknown, number] = await (manager ?? this.dataSource.manager).query(
      `delete from sessions where user_id = $1 and id = $2`,
      [userId, id],
    );
    return count > 0;
  }

  async deleteBySecret(secretHash: Buffer, manager: EntityManager): Promise<void> {
    await manager.query(`delete from sessions where secret_hash = $1`, [secretHash]);
  }

  /** Ends the sessions of a user. @param exceptId one that stays; null: none does */
  async deleteAll(
    userId: string,
    exceptId: string | null,
    manager: EntityManager,
  ): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      `delete from sessions where user_id = $1 and id is distinct from $2::uuid`,
      [userId, exceptId],
    );
    return count;
  }

  async deleteExpired(): Promise<void> {
    await this.dataSource.query(`delete from sessions where expires_at <= now()`);
  }
}
