import type { FactorList, RecoveryCodes as NewRecoveryCodes } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { Actor } from '../../platform/access/actor';
import { CONFIG, type Config } from '../../platform/config/config';
import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { UserNotFoundError } from '../accounts.errors';
import { IdentitiesRepository } from '../identity/identities.repository';
import { RelyingParties } from '../passkeys/relying-parties';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { UsersRepository } from '../users/users.repository';
import { toFactor } from './factor-enrolment.service';
import {
  FactorNotFoundError,
  LastWayInError,
  NoFactorError,
  RequiredByTotpError,
} from './factors.errors';
import { FactorsRepository } from './factors.repository';
import { RecoveryCodes } from './recovery-codes.service';

/** What people have to sign in with beside a password. */
@Injectable()
export class FactorsService {
  constructor(
    private readonly repository: FactorsRepository,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly users: UsersRepository,
    private readonly identities: IdentitiesRepository,
    private readonly parties: RelyingParties,
    private readonly transactions: EventTransactions,
    @Inject(CONFIG) private readonly config: Pick<Config, 'identityProvider'>,
  ) {}

  /** @param request through which address HomeServer was opened decides whether passkeys can be made */
  async list({ userId }: Actor, request: Request): Promise<FactorList> {
    const user = await this.users.findSecretsById(userId);
    if (user === null) throw new UserNotFoundError();
    const provider = this.config.identityProvider;
    return {
      items: (await this.repository.list(userId)).map(toFactor),
      recoveryCodesLeft: await this.recoveryCodes.countLeft(userId),
      requiredAtSignIn: user.secondFactorRequired,
      hasPassword: user.passwordHash !== null,
      identityProvider:
        provider === null
          ? null
          : {
              name: provider.name,
              isLinked: await this.identities.isLinked(userId, provider.issuer),
            },
      passkeys: this.parties.availabilityFor(request),
    };
  }

  /** @throws ConfirmRequiredError, NoFactorError, RequiredByTotpError */
  async setRequired(actor: Actor, isRequired: boolean): Promise<void> {
    requireConfirmed(actor);
    const { userId, username } = actor;
    await this.transactions.run(async ({ manager, record }) => {
      await this.repository.lock(userId, manager);
      const factors = await this.repository.list(userId, manager);
      if (isRequired && factors.length === 0) throw new NoFactorError();
      if (!isRequired && factors.some(({ kind }) => kind === 'totp'))
        throw new RequiredByTotpError();
      await this.repository.setRequired(userId, isRequired, manager);
      const detail = `second factor ${isRequired ? 'required' : 'not required'} beside the password`;
      const user = { id: userId, username };
      await record(accountEvent('homeserver.user.changed', user, actor, detail));
    });
  }

  /** @throws ConfirmRequiredError, FactorNotFoundError, LastWayInError */
  async remove(actor: Actor, id: string): Promise<void> {
    requireConfirmed(actor);
    const { userId, username } = actor;
    await this.transactions.run(async ({ manager, record }) => {
      await this.repository.lock(userId, manager);
      const factors = await this.repository.list(userId, manager);
      const factor = factors.find((one) => one.id === id);
      if (factor === undefined) throw new FactorNotFoundError();
      await this.repository.delete(factor, manager);
      const issuer = this.config.identityProvider?.issuer ?? null;
      // An authenticator app alone lets nobody in.
      if (factor.kind === 'passkey' && !(await this.repository.hasWayIn(userId, issuer, manager)))
        throw new LastWayInError();
      if (factors.length === 1) {
        await this.repository.setRequired(userId, false, manager);
        await this.recoveryCodes.void(userId, manager);
      }
      const user = { id: userId, username };
      await record(accountEvent('homeserver.user.factor_removed', user, actor, factor.name));
    });
  }

  /** The former codes are void. @throws ConfirmRequiredError, NoFactorError */
  async renewRecoveryCodes(actor: Actor): Promise<NewRecoveryCodes> {
    requireConfirmed(actor);
    const { userId, username } = actor;
    const recoveryCodes = await this.transactions.run(async ({ manager, record }) => {
      await this.repository.lock(userId, manager);
      if ((await this.repository.list(userId, manager)).length === 0) throw new NoFactorError();
      const user = { id: userId, username };
      await record(accountEvent('homeserver.user.recovery_codes_made', user, actor));
      return this.recoveryCodes.make(userId, manager);
    });
    return { recoveryCodes };
  }
}
