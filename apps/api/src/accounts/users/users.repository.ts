import type { Role } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { isUniqueViolation } from '../../platform/database/database-errors';
import type { CheckedSecrets, UserRow, UserSecrets } from './user';

const UNIQUE_USERNAME = 'users_username';
/** What changes who the administrators are takes turns by this key, so that no two remove the last one. */
const ADMINISTRATORS_LOCK = 4_870_352;

const COLUMNS = `id, username, display_name as "displayName", role, disabled, created_at as "createdAt",
  last_seen_at as "lastSeenAt", used_bytes(id) as "usedBytes", quota_bytes as "quotaBytes"`;
const SECRETS = `${COLUMNS}, password_hash as "passwordHash", second_factor_required as "secondFactorRequired"`;

export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly passwordHash: string | null;
}

/** What may be changed of a user; what is absent stays. */
export interface UserChanges {
  readonly displayName?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
  readonly quotaBytes?: number | null | undefined;
}

@Injectable()
export class UsersRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async exist(manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows: unknown[] = await manager.query(`select 1 from users limit 1`);
    return rows.length > 0;
  }

  async find(
    id: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<UserRow | null> {
    const rows: UserRow[] = await manager.query(`select ${COLUMNS} from users where id = $1`, [id]);
    return rows[0] ?? null;
  }

  async findSecretsByUsername(username: string): Promise<UserSecrets | null> {
    return this.findSecrets(`username = $1`, username);
  }

  async findSecretsById(id: string): Promise<UserSecrets | null> {
    return this.findSecrets(`id = $1`, id);
  }

  /** A page of all users by user name. @param after the user name before it */
  async list(after: string, limit: number): Promise<UserRow[]> {
    return this.dataSource.query(
      `select ${COLUMNS} from users where username > $1 order by username limit $2`,
      [after, limit],
    );
  }

  async count(): Promise<number> {
    const rows: { count: string }[] = await this.dataSource.query(
      `select count(*) as count from users`,
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** @returns null when the user name is taken */
  async insert(user: NewUser, manager: EntityManager): Promise<UserRow | null> {
    try {
      const rows: UserRow[] = await manager.query(
        `insert into users (id, username, display_name, role, password_hash, created_at)
         values ($1, $2, $3, $4, $5, now()) returning ${COLUMNS}`,
        [user.id, user.username, user.displayName, user.role, user.passwordHash],
      );
      return rows[0] ?? null;
    } catch (error) {
      if (isUniqueViolation(error, UNIQUE_USERNAME)) return null;
      throw error;
    }
  }

  /** @returns null when there is no such user */
  async update(id: string, changes: UserChanges, manager: EntityManager): Promise<UserRow | null> {
    const { displayName, role, disabled, passwordHash, quotaBytes } = changes;
    const [rows]: [UserRow[], number] = await manager.query(
      `update users set display_name = coalesce($2, display_name), role = coalesce($3, role),
         disabled = coalesce($4, disabled), password_hash = coalesce($5, password_hash),
         quota_bytes = case when $6 then $7::bigint else quota_bytes end
       where id = $1 returning ${COLUMNS}`,
      [
        id,
        displayName ?? null,
        role ?? null,
        disabled ?? null,
        passwordHash ?? null,
        ...[quotaBytes !== undefined, quotaBytes ?? null],
      ],
    );
    return rows[0] ?? null;
  }

  async delete(id: string, manager: EntityManager): Promise<void> {
    await manager.query(`delete from users where id = $1`, [id]);
  }

  /** Until the end of the transaction nobody else changes who the administrators are. */
  async lockAdministrators(manager: EntityManager): Promise<void> {
    await manager.query(`select pg_advisory_xact_lock($1)`, [ADMINISTRATORS_LOCK]);
  }

  /** Whether somebody is left who may administer, and has a way to come in. */
  async hasAdministrator(manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from users u where role = 'admin' and not disabled and (password_hash is not null
         or exists (select 1 from passkeys p where p.user_id = u.id)
         or exists (select 1 from identities i where i.user_id = u.id)) limit 1`,
    );
    return rows.length > 0;
  }

  /** Whether somebody may administer at this moment. */
  async isAdministrator(id: string, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from users where id = $1 and role = 'admin' and not disabled`,
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Notes that somebody has signed in. Whoever changes this user waits until the end of the transaction.
   * @param checked by what they were let in; null: by nothing of the user's row
   * @returns null when they are disabled or gone, or when something else would have to be checked by now
   */
  async touch(
    id: string,
    checked: CheckedSecrets | null,
    manager: EntityManager,
  ): Promise<UserRow | null> {
    const [rows]: [UserRow[], number] = await manager.query(
      `update users set last_seen_at = now() where id = $1 and not disabled and (not $2 or
         (password_hash is not distinct from $3 and second_factor_required = $4)) returning ${COLUMNS}`,
      [id, checked !== null, checked?.passwordHash ?? null, checked?.secondFactorRequired ?? false],
    );
    return rows[0] ?? null;
  }

  private async findSecrets(condition: string, value: string): Promise<UserSecrets | null> {
    const rows: UserSecrets[] = await this.dataSource.query(
      `select ${SECRETS} from users where ${condition}`,
      [value],
    );
    return rows[0] ?? null;
  }
}
