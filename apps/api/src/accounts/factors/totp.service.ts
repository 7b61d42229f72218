import type { AddedFactor, TotpSetup } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EventTransactions } from '../../platform/events/event-transactions';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { FactorEnrolment } from './factor-enrolment.service';
import { TotpCodeWrongError, TotpExistsError, TotpNotBegunError } from './factors.errors';
import { FactorsRepository, TOTP_NAME } from './factors.repository';
import { findTimeStep, newTotpSecret, toBase32, totpUri } from './totp';
import { TotpRepository } from './totp.repository';

/** Sets authenticator apps up. */
@Injectable()
export class TotpService {
  constructor(
    private readonly repository: TotpRepository,
    private readonly factors: FactorsRepository,
    private readonly enrolment: FactorEnrolment,
    private readonly limiter: AttemptLimiter,
    private readonly transactions: EventTransactions,
  ) {}

  /** Makes a secret, which counts once `confirm` got a code of it. @throws ConfirmRequiredError, TotpExistsError */
  async begin(actor: Actor): Promise<TotpSetup> {
    requireConfirmed(actor);
    const secret = newTotpSecret();
    if (!(await this.repository.begin(uuid7(), actor.userId, secret))) throw new TotpExistsError();
    return { secret: toBase32(secret), uri: totpUri(secret, actor.username) };
  }

  /**
   * From now on the password alone no longer suffices.
   * @throws ConfirmRequiredError, TotpNotBegunError, TotpCodeWrongError, TooManyAttemptsError
   */
  async confirm(actor: Actor, code: string): Promise<AddedFactor> {
    requireConfirmed(actor);
    const { userId, username, clientAddress } = actor;
    const secret = await this.repository.findPending(userId);
    if (secret === null) throw new TotpNotBegunError();
    const attempt = { kind: 'code', account: username, clientAddress } as const;
    await this.limiter.take(attempt);
    const step = findTimeStep(secret, code.replace(/\s/g, ''), Date.now() / 1000);
    if (step === null) throw new TotpCodeWrongError();
    await this.limiter.succeed(attempt);
    return this.transactions.run((transaction) =>
      this.enrolment.enrol(actor, transaction, async () => {
        const row = await this.repository.confirm(userId, secret, step, transaction.manager);
        if (row === null) throw new TotpNotBegunError();
        await this.factors.setRequired(userId, true, transaction.manager);
        return { ...row, kind: 'totp', name: TOTP_NAME };
      }),
    );
  }
}
