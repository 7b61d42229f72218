import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { isUniqueViolation } from '../../platform/database/database-errors';
import { IdentityExistsError, IdentityTakenError } from './identity.errors';

/** An account at an identity provider: OpenID Connect Core, section 2, the subject is unique within its issuer. */
export interface IdentityKey {
  readonly issuer: string;
  readonly subject: string;
}

/** Which account at an identity provider is whose. */
@Injectable()
export class IdentitiesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Whose it is; null: nobody's. */
  async findUserId(
    { issuer, subject }: IdentityKey,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<string | null> {
    const rows: { userId: string }[] = await manager.query(
      `select user_id as "userId" from identities where issuer = $1 and subject = $2`,
      [issuer, subject],
    );
    return rows[0]?.userId ?? null;
  }

  /** @throws IdentityTakenError, IdentityExistsError */
  async insert(
    userId: string,
    { issuer, subject }: IdentityKey,
    manager: EntityManager,
  ): Promise<void> {
    try {
      await manager.query(
        `insert into identities (issuer, subject, user_id, created_at) values ($1, $2, $3, now())`,
        [issuer, subject, userId],
      );
    } catch (error) {
      if (isUniqueViolation(error, 'identities_pkey')) throw new IdentityTakenError();
      if (isUniqueViolation(error, 'identities_user')) throw new IdentityExistsError();
      throw error;
    }
  }

  /** Notes that somebody has come in by it. */
  async touch({ issuer, subject }: IdentityKey): Promise<void> {
    await this.dataSource.query(
      `update identities set last_used_at = now() where issuer = $1 and subject = $2`,
      [issuer, subject],
    );
  }

  async isLinked(userId: string, issuer: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from identities where user_id = $1 and issuer = $2`,
      [userId, issuer],
    );
    return rows.length > 0;
  }

  /** @returns false when there was none */
  async delete(userId: string, issuer: string, manager: EntityManager): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `delete from identities where user_id = $1 and issuer = $2`,
      [userId, issuer],
    );
    return count > 0;
  }
}
