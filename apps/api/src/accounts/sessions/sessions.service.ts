import type { SessionPage } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { SessionNotFoundError } from '../accounts.errors';
import { hashSecret, newSecret } from '../secret';
import { requireConfirmed } from './confirmation.policy';
import { SessionsRepository } from './sessions.repository';

const SHOWN_USER_AGENT = 300;

/** The browser that a session is for. */
export interface Browser {
  readonly clientAddress: string;
  readonly userAgent: string;
  /** When the person proved who they are, where that was elsewhere and earlier; now where absent. */
  readonly provenAt?: Date | null;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly repository: SessionsRepository,
    private readonly transactions: EventTransactions,
  ) {}

  /**
   * Begins a session, always with a new secret: one that was there before sign-in is worth nothing after it.
   * @returns the secret for the cookie; only its hash is kept
   */
  async start(
    userId: string,
    { clientAddress, userAgent, provenAt = null }: Browser,
    manager: EntityManager,
  ): Promise<string> {
    const secret = newSecret();
    await this.repository.insert(
      {
        id: uuid7(),
        userId,
        secretHash: hashSecret(secret),
        clientAddress,
        userAgent: userAgent.slice(0, SHOWN_USER_AGENT),
        provenAt,
      },
      manager,
    );
    return secret;
  }

  async list(actor: Actor): Promise<SessionPage> {
    const rows = await this.repository.list(actor.userId);
    const items = rows.map(({ createdAt, lastSeenAt, expiresAt, ...rest }) => ({
      ...rest,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      isCurrent: rest.id === actor.credential.id,
    }));
    return { items, nextCursor: null, total: items.length };
  }

  /** Ends one of the caller's sessions. @throws SessionNotFoundError, ConfirmRequiredError for another than their own */
  async end(actor: Actor, id: string): Promise<void> {
    if (id !== actor.credential.id) requireConfirmed(actor);
    await this.transactions.run(async ({ manager, record }) => {
      if (!(await this.repository.delete(actor.userId, id, manager)))
        throw new SessionNotFoundError();
      await record(
        accountEvent('homeserver.user.session_ended', { ...actor, id: actor.userId }, actor),
      );
    });
  }

  /** Ends all of the caller's sessions but this one. @throws ConfirmRequiredError */
  async endOthers(actor: Actor): Promise<void> {
    requireConfirmed(actor);
    await this.transactions.run(async ({ manager, record }) => {
      const count = await this.repository.deleteAll(actor.userId, actor.credential.id, manager);
      const user = { id: actor.userId, username: actor.username };
      if (count > 0)
        await record(
          accountEvent('homeserver.user.session_ended', user, actor, `${count} other sessions`),
        );
    });
  }

  /** Ends the session that the caller came with. */
  async signOut(actor: Actor): Promise<void> {
    if (actor.credential.kind !== 'session') return;
    await this.transactions.run(async ({ manager, record }) => {
      await this.repository.delete(actor.userId, actor.credential.id, manager);
      const user = { id: actor.userId, username: actor.username };
      await record(accountEvent('homeserver.user.signed_out', user, actor));
    });
  }

  /** The person has just proved once more who they are. */
  async confirm(actor: Actor): Promise<void> {
    await this.repository.confirm(actor.credential.id);
  }

  /** Removes what no longer holds. */
  async deleteExpired(): Promise<void> {
    await this.repository.deleteExpired();
  }
}
