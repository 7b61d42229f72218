import type { Role, Scope } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { GatheredReads, type Keyed } from '../../platform/database/gathered-reads';
import { anyOf, NamedStatements } from '../../platform/database/named-statements';

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface NewToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** A token that holds, and whose it is. */
export interface LiveToken {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  readonly hasQuota: boolean;
  readonly scopes: Scope[];
  readonly isStale: boolean;
}

const NOTED_EVERY = `interval '5 minutes'`;
const COLUMNS = `id, name, scopes, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"`;
const HOLDS = `(t.expires_at is null or t.expires_at > now()) and not u.disabled`;

const FIND_LIVE = {
  name: 'find-live-tokens',
  text: `select encode(t.secret_hash, 'hex') as key, t.id, t.user_id as "userId", u.username, u.role, u.quota_bytes is not null as "hasQuota", t.scopes,
              coalesce(t.last_used_at < now() - ${NOTED_EVERY}, true) as "isStale"
       from api_tokens t join users u on u.id = t.user_id where t.secret_hash = ${anyOf('$1::bytea[]')} and ${HOLDS}`,
};

@Injectable()
export class TokensRepository {
  private readonly live = new GatheredReads<LiveToken & Keyed>((hashes) =>
    this.statements.read(FIND_LIVE, [hashes.map((hex) => Buffer.from(hex, 'hex'))]),
  );

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  async insert(token: NewToken, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into api_tokens (id, user_id, name, secret_hash, scopes, created_at, expires_at)
       values ($1, $2, $3, $4, $5, now(), $6)`,
      [token.id, token.userId, token.name, token.secretHash, token.scopes, token.expiresAt],
    );
  }

  /** The token of a secret, if it holds and its user may come in; else null. */
  async findLive(secretHash: Buffer): Promise<LiveToken | null> {
    return this.live.find(secretHash.toString('hex'));
  }

  /** Those of some tokens that hold. */
  async findScopes(ids: readonly string[]): Promise<{ id: string; role: Role; scopes: Scope[] }[]> {
    return this.dataSource.query(
      `select t.id, u.role, t.scopes from api_tokens t join users u on u.id = t.user_id
       where t.id = any ($1) and ${HOLDS}`,
      [ids],
    );
  }

  /** Notes that a token was used. */
  async touch(id: string): Promise<void> {
    await this.dataSource.query(`update api_tokens set last_used_at = now() where id = $1`, [id]);
  }

  /** All tokens of a user, also those that have expired, the newest first. */
  async list(userId: string): Promise<TokenRow[]> {
    return this.dataSource.query(
      `select ${COLUMNS} from api_tokens where user_id = $1 order by created_at desc, id`,
      [userId],
    );
  }

  /** @returns its name; null when this user has no such token */
  async delete(userId: string, id: string, manager: EntityManager): Promise<string | null> {
    const [rows]: [{ name: string }[], number] = await manager.query(
      `delete from api_tokens where user_id = $1 and id = $2 returning name`,
      [userId, id],
    );
    return rows[0]?.name ?? null;
  }

  async count(userId: string): Promise<number> {
    const rows: { count: string }[] = await this.dataSource.query(
      `select count(*) as count from api_tokens where user_id = $1`,
      [userId],
    );
    return Number(rows[0]?.count ?? 0);
  }
}
