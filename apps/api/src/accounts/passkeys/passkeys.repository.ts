import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { isUniqueViolation } from '../../platform/database/database-errors';

export interface NewPasskey {
  readonly id: string;
  readonly userId: string;
  readonly credentialId: Buffer;
  /** In COSE. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  /** The host name that it is bound to. */
  readonly rpId: string;
  readonly name: string;
}

/** What the answer of a passkey is checked against. */
export interface PasskeyRow {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: Buffer;
  /** How often it was used, as it says; 0 where it does not count. */
  readonly counter: number;
}

@Injectable()
export class PasskeysRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns when it was made; null when it is known already */
  async insert(passkey: NewPasskey, manager: EntityManager): Promise<Date | null> {
    const { id, userId, credentialId, publicKey, counter, transports, rpId, name } = passkey;
    try {
      const rows: { createdAt: Date }[] = await manager.query(
        `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, rp_id, name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, now()) returning created_at as "createdAt"`,
        [id, userId, credentialId, publicKey, counter, transports, rpId, name],
      );
      return rows[0]?.createdAt ?? null;
    } catch (error) {
      if (isUniqueViolation(error, 'passkeys_credential')) return null;
      throw error;
    }
  }

  async find(credentialId: Buffer): Promise<PasskeyRow | null> {
    const rows: PasskeyRow[] = await this.dataSource.query(
      `select id, user_id as "userId", public_key as "publicKey", counter::float8 as counter
       from passkeys where credential_id = $1`,
      [credentialId],
    );
    return rows[0] ?? null;
  }

  /** Those of a user for one name, so that the browser makes no second one on the same device. */
  async listCredentials(
    userId: string,
    rpId: string,
  ): Promise<{ credentialId: Buffer; transports: string[] }[]> {
    return this.dataSource.query(
      `select credential_id as "credentialId", transports from passkeys where user_id = $1 and rp_id = $2`,
      [userId, rpId],
    );
  }

  /**
   * Notes that a passkey was used. One that counts has to have counted on since, or there are two of it.
   * @returns false when it has not, or when it is gone
   */
  async use(id: string, counter: number): Promise<boolean> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `update passkeys set counter = $2, last_used_at = now()
       where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
      [id, counter],
    );
    return count > 0;
  }
}
