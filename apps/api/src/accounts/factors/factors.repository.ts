import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** A second factor of whichever kind. */
export interface FactorRow {
  readonly id: string;
  readonly kind: 'totp' | 'passkey';
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** What an authenticator app is called: there is only one. */
export const TOTP_NAME = 'Authenticator app';

const FACTORS = `
  select id, user_id, 'totp' as kind, '${TOTP_NAME}' as name, created_at, last_used_at
  from totp_factors where confirmed_at is not null
  union all
  select id, user_id, 'passkey', name, created_at, last_used_at from passkeys`;

/** All factors of a user together, and what they mean for how the user comes in. */
@Injectable()
export class FactorsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The oldest first. */
  async list(
    userId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<FactorRow[]> {
    return manager.query(
      `select id, kind, name, created_at as "createdAt", last_used_at as "lastUsedAt"
       from (${FACTORS}) f where user_id = $1 order by created_at, id`,
      [userId],
    );
  }

  /** Whatever changes how somebody comes in takes turns, until the end of the transaction. */
  async lock(userId: string, manager: EntityManager): Promise<void> {
    await manager.query(`select 1 from users where id = $1 for update`, [userId]);
  }

  async delete(factor: FactorRow, manager: EntityManager): Promise<void> {
    const table = factor.kind === 'totp' ? 'totp_factors' : 'passkeys';
    await manager.query(`delete from ${table} where id = $1`, [factor.id]);
  }

  /** Whether the password alone suffices at sign-in. */
  async setRequired(userId: string, isRequired: boolean, manager: EntityManager): Promise<void> {
    await manager.query(`update users set second_factor_required = $2 where id = $1`, [
      userId,
      isRequired,
    ]);
  }

  /** Whether a user can come in at all. @param issuer the identity provider that is set up; null: none */
  async hasWayIn(userId: string, issuer: string | null, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from users u where u.id = $1 and (
         u.password_hash is not null
         or exists (select 1 from passkeys p where p.user_id = u.id)
         or exists (select 1 from identities i where i.user_id = u.id and i.issuer = $2))`,
      [userId, issuer],
    );
    return rows.length > 0;
  }
}
