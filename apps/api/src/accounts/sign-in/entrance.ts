import type { SignedIn } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import { EventTransactions } from '../../platform/events/event-transactions';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { accountEvent } from '../account-event';
import { hashSecret } from '../secret';
import { SessionCookies } from '../sessions/session-cookies';
import { SessionsRepository } from '../sessions/sessions.repository';
import { SessionsService } from '../sessions/sessions.service';
import { toUser, type UserRow } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';

/** How somebody has shown who they are. */
export type WayIn =
  'set-up' | 'password' | 'password and second factor' | 'passkey' | 'identity provider';

/** What somebody has shown, and when: now, where it was shown here. */
export interface Proof {
  readonly way: WayIn;
  readonly provenAt: Date | null;
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

  /** Begins a session for a user that was checked. The one that the browser came with ends. */
  async letIn(
    { id, username }: UserRow,
    proof: WayIn | Proof,
    request: Request,
    response: Response,
  ): Promise<SignedIn> {
    const clientAddress = this.proxies.addressOf(request);
    const { way, provenAt } = typeof proof === 'string' ? { way: proof, provenAt: null } : proof;
    const browser = { clientAddress, userAgent: request.get('user-agent') ?? '', provenAt };
    const former = this.cookies.read(request);
    const { secret, user } = await this.transactions.run(async ({ manager, record }) => {
      if (former !== null) await this.sessionRows.deleteBySecret(hashSecret(former), manager);
      const cause = { userId: id, username, clientAddress };
      await record(accountEvent('homeserver.user.signed_in', { id, username }, cause, way));
      return {
        secret: await this.sessions.start(id, browser, manager),
        user: await this.users.touch(id, manager),
      };
    });
    await this.accounts.welcome(user);
    this.cookies.set(request, response, secret);
    return { user: toUser(user) };
  }
}
