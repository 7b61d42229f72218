import { displayNameSchema } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor, Cause } from '../../platform/access/actor';
import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { DisabledError, UsernameTakenError } from '../accounts.errors';
import { LastWayInError } from '../factors/factors.errors';
import { FactorsRepository } from '../factors/factors.repository';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { SignInFailures } from '../sign-in/sign-in-failures.service';
import type { UserRow } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { fittingUsername, numberedUsername } from './fitting-username';
import { IdentitiesRepository } from './identities.repository';
import { type Identity, IdentityProvider } from './identity-provider.adapter';
import {
  IdentityNotLinkedError,
  IdentityTakenError,
  UnknownIdentityError,
} from './identity.errors';

const NAMES_TRIED = 200;

/**
 * Who is who at the identity provider: by issuer and subject alone. Names and addresses there may change
 * hands, so nobody is ever known by them.
 */
@Injectable()
export class Identities {
  constructor(
    private readonly repository: IdentitiesRepository,
    private readonly provider: IdentityProvider,
    private readonly users: UsersRepository,
    private readonly accounts: UsersService,
    private readonly factors: FactorsRepository,
    private readonly failures: SignInFailures,
    private readonly transactions: EventTransactions,
  ) {}

  /** Whose identity it is; somebody new, where that is allowed. @throws UnknownIdentityError, DisabledError */
  async findOrMake(identity: Identity, clientAddress: string): Promise<UserRow> {
    const user = (await this.find(identity)) ?? (await this.make(identity, clientAddress));
    if (user.disabled) throw new DisabledError();
    await this.repository.touch(identity);
    return user;
  }

  /** @throws IdentityTakenError, IdentityExistsError */
  async link(actor: Actor, identity: Identity): Promise<void> {
    const { userId, username } = actor;
    await this.transactions.run(async ({ manager, record }) => {
      await this.factors.lock(userId, manager);
      if ((await this.repository.findUserId(identity, manager)) === userId) return;
      await this.repository.insert(userId, identity, manager);
      const user = { id: userId, username };
      const { name } = this.provider.required;
      await record(accountEvent('homeserver.user.identity_linked', user, actor, name));
    });
  }

  /** @throws ConfirmRequiredError, IdentityNotLinkedError, LastWayInError */
  async unlink(actor: Actor): Promise<void> {
    requireConfirmed(actor);
    const { userId, username } = actor;
    const { issuer, name } = this.provider.required;
    await this.transactions.run(async ({ manager, record }) => {
      await this.factors.lock(userId, manager);
      if (!(await this.repository.delete(userId, issuer, manager)))
        throw new IdentityNotLinkedError();
      if (!(await this.factors.hasWayIn(userId, issuer, manager))) throw new LastWayInError();
      const detail = `no longer linked: ${name}`;
      await record(
        accountEvent('homeserver.user.changed', { id: userId, username }, actor, detail),
      );
    });
  }

  private async find(identity: Identity): Promise<UserRow | null> {
    const userId = await this.repository.findUserId(identity);
    return userId === null ? null : this.users.find(userId);
  }

  /** @throws UnknownIdentityError */
  private async make(identity: Identity, clientAddress: string): Promise<UserRow> {
    // The first user is the administrator, whom the set-up makes.
    if (!this.provider.required.createsUsers || !(await this.users.exist())) {
      await this.failures.record(null, clientAddress, 'unknown at the identity provider');
      throw new UnknownIdentityError();
    }
    const cause = { userId: null, username: null, clientAddress };
    const username = fittingUsername(identity.username);
    for (let number = 1; number <= NAMES_TRIED; number += 1) {
      const made = await this.makeNamed(numberedUsername(username, number), identity, cause);
      if (made !== null) return made;
    }
    throw new UnknownIdentityError();
  }

  /** @returns null when the name is not free */
  private async makeNamed(
    username: string,
    identity: Identity,
    cause: Cause,
  ): Promise<UserRow | null> {
    // The files of a deleted user go to the next of that name; the provider's word is not enough for that.
    if (await this.accounts.hasRemains(username)) return null;
    const displayName = displayNameSchema.safeParse(identity.displayName).data ?? username;
    const newcomer = { username, displayName, role: 'member', password: null } as const;
    try {
      return await this.transactions.run(async (transaction) => {
        const row = await this.accounts.insert(newcomer, null, cause, transaction);
        await this.repository.insert(row.id, identity, transaction.manager);
        const { name } = this.provider.required;
        await transaction.record(accountEvent('homeserver.user.identity_linked', row, cause, name));
        return row;
      });
    } catch (error) {
      if (error instanceof UsernameTakenError) return null;
      // The same person came twice at the same moment, and the other one was quicker.
      if (error instanceof IdentityTakenError) return this.find(identity);
      throw error;
    }
  }
}
