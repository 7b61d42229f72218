import { Injectable } from '@nestjs/common';

import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { RecoveryCodes } from '../factors/recovery-codes.service';
import { findTimeStep, isTotpCode } from '../factors/totp';
import { TotpRepository } from '../factors/totp.repository';
import type { UserRow } from '../users/user';

/** Checks the codes of second factors. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly totp: TotpRepository,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly transactions: EventTransactions,
  ) {}

  /**
   * Whether a code is right: of the authenticator app, or a recovery code. A code is right once, also of two
   * requests at the same moment.
   */
  async verify(
    user: Pick<UserRow, 'id' | 'username'>,
    code: string,
    clientAddress: string,
  ): Promise<boolean> {
    // Apps show their codes in groups, and people type them so.
    const plain = code.replace(/[\s-]/g, '');
    return isTotpCode(plain)
      ? this.useTotp(user.id, plain)
      : this.useRecoveryCode(user, code, clientAddress);
  }

  private async useTotp(userId: string, code: string): Promise<boolean> {
    const secret = await this.totp.findSecret(userId);
    const step = secret === null ? null : findTimeStep(secret, code, Date.now() / 1000);
    return secret !== null && step !== null && this.totp.useStep(userId, secret, step);
  }

  private async useRecoveryCode(
    { id, username }: Pick<UserRow, 'id' | 'username'>,
    code: string,
    clientAddress: string,
  ): Promise<boolean> {
    return this.transactions.run(async ({ manager, record }) => {
      const left = await this.recoveryCodes.use(id, code, manager);
      if (left === null) return false;
      const cause = { userId: id, username, clientAddress };
      const detail = `a recovery code was used, ${left} are left`;
      await record(accountEvent('homeserver.user.changed', { id, username }, cause, detail));
      return true;
    });
  }
}
