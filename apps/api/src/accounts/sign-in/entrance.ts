import type { SignedIn } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { EntityManager } from 'typeorm';

import { EventTransactions } from '../../platform/events/event-transactions';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { accountEvent } from '../account-event';
import { DisabledError, WrongCredentialsError } from '../accounts.errors';
import { hashSecret } from '../secret';
import { SessionCookies } from '../sessions/session-cookies';
import { SessionsRepository } from '../sessions/sessions.repository';
import { SessionsService } from '../sessions/sessions.service';
import { type CheckedSecrets, toUser, type UserRow } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';

/** How somebody has shown who they are. */
export type WayIn =
  'set-up' | 'password' | 'password and second factor' | 'passkey' | 'identity provider';

/** What somebody has shown, and when: now, where it was shown here. */
export interface Proof {
  readonly way: WayIn;
  readonly provenAt: Date | null;
  /** What it was checked against, where that is something that may have been changed since. */
  readonly checked?: CheckedSecrets;
}

/** Where everybody comes in, whatever they have shown: their session begins, and its cookie goes out. */
@Injectable()
export class Entrance {
  constructor(
    private readonly users: UsersRepository,
    private readonly accounts: UsersService,
    private readonly sessions: SessionsService,
    private readonly sessionRows: SessionsRepository,
    private readonly cookies: SessionCookies,
    private readonly proxies: ProxyTrust,
    private readonly transactions: EventTransactions,
  ) {}

  /**
   * Begins a session for a user that was checked. The one that the browser came with ends.
   * @throws DisabledError, WrongCredentialsError when that has come true since the check
   */
  async letIn(
    { id, username }: UserRow,
    proof: WayIn | Proof,
    request: Request,
    response: Response,
  ): Promise<SignedIn> {
    const clientAddress = this.proxies.addressOf(request);
    const {
      way,
      provenAt,
      checked = null,
    } = typeof proof === 'string' ? { way: proof, provenAt: null } : proof;
    const browser = { clientAddress, userAgent: request.get('user-agent') ?? '', provenAt };
    const former = this.cookies.read(request);
    const { secret, user } = await this.transactions.run(async ({ manager, record }) => {
      // First: whoever changes this user, and ends all sessions with it, comes before this or after it.
      const user = await this.users.touch(id, checked, manager);
      if (user === null) throw await this.reasonOfRefusal(id, manager);
      if (former !== null) await this.sessionRows.deleteBySecret(hashSecret(former), manager);
      const cause = { userId: id, username, clientAddress };
      await record(accountEvent('homeserver.user.signed_in', { id, username }, cause, way));
      return { secret: await this.sessions.start(id, browser, manager), user };
    });
    await this.accounts.welcome(user);
    this.cookies.set(request, response, secret);
    return { user: toUser(user) };
  }

  private async reasonOfRefusal(id: string, manager: EntityManager): Promise<Error> {
    const user = await this.users.find(id, manager);
    return user?.disabled === true ? new DisabledError() : new WrongCredentialsError();
  }
}
