import type { DataSource } from 'typeorm';

import { NamedStatements } from '../../platform/database/named-statements';
import { EventLogRepository } from '../../platform/events/event-log.repository';
import { accountEvent } from '../account-event';

/** What an operator wants of an account whose owner cannot get in any more. */
export interface PasswordReset {
  readonly username: string;
  readonly passwordHash: string;
  /** Also the authenticator app, the passkeys and the recovery codes go. */
  readonly withoutSecondFactor: boolean;
}

/** For whoever may run programs on the machine, which is more than any account may. */
export class PasswordResetRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Sets a password, lets the account in again where it was disabled, and ends all its sessions.
   * @returns false when there is no such user
   */
  async reset({ username, passwordHash, withoutSecondFactor }: PasswordReset): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [users]: [{ id: string }[], number] = await manager.query(
        `update users set password_hash = $2, disabled = false,
           second_factor_required = second_factor_required and not $3
         where username = $1 returning id`,
        [username, passwordHash, withoutSecondFactor],
      );
      const id = users[0]?.id;
      if (id === undefined) return false;
      await manager.query(`delete from sessions where user_id = $1`, [id]);
      if (withoutSecondFactor) {
        for (const table of ['totp_factors', 'passkeys', 'recovery_codes'])
          await manager.query(`delete from ${table} where user_id = $1`, [id]);
      }
      // Wrong guesses of before must not keep the owner out.
      // Keys are JSON, in which no name that somebody thinks up can end before its end. As text: what JSON takes
      // for a text, such as half of a character, PostgreSQL may not.
      await manager.query(`delete from secret_attempts where strpos(key, $1) > 0`, [
        `,${JSON.stringify(username)},`,
      ]);
      const detail = withoutSecondFactor ? 'by the operator, with all factors' : 'by the operator';
      const event = accountEvent(
        'homeserver.user.password_changed',
        { id, username },
        null,
        detail,
      );
      const events = new EventLogRepository(this.dataSource, new NamedStatements(this.dataSource));
      await events.appendToOutbox(event, manager);
      return true;
    });
  }

  /** What else lets somebody in beside the password. */
  async countOtherWays(
    username: string,
  ): Promise<{ tokens: number; passkeys: number; identities: number }> {
    const rows: { tokens: number; passkeys: number; identities: number }[] =
      await this.dataSource.query(
        `select (select count(*)::int from api_tokens t where t.user_id = u.id) as tokens,
                (select count(*)::int from passkeys p where p.user_id = u.id) as passkeys,
                (select count(*)::int from identities i where i.user_id = u.id) as identities
         from users u where u.username = $1`,
        [username],
      );
    return rows[0] ?? { tokens: 0, passkeys: 0, identities: 0 };
  }

  /** The user names, for whoever has forgotten theirs, too. */
  async listUsernames(): Promise<string[]> {
    const rows: { username: string }[] = await this.dataSource.query(
      `select username from users order by username`,
    );
    return rows.map(({ username }) => username);
  }
}
