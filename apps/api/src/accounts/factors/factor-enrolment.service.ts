import type { AddedFactor, Factor } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import type { EventTransaction } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { DomainError } from '../../platform/http/domain-error';
import { type FactorRow, FactorsRepository } from './factors.repository';
import { RecoveryCodes } from './recovery-codes.service';

const FACTORS_EACH = 30;

export type NewFactor = Omit<FactorRow, 'lastUsedAt'>;

/** What every new factor brings with it, whatever its kind. */
@Injectable()
export class FactorEnrolment {
  constructor(
    private readonly factors: FactorsRepository,
    private readonly recoveryCodes: RecoveryCodes,
  ) {}

  /**
   * Adds a factor, in the transaction that keeps it; with the first one come the recovery codes.
   * @param keep keeps it; by then nobody else changes the factors of this user
   */
  async enrol(
    { userId, username, clientAddress }: Actor,
    { manager, record }: EventTransaction,
    keep: () => Promise<NewFactor>,
  ): Promise<AddedFactor> {
    await this.factors.lock(userId, manager);
    const former = await this.factors.list(userId, manager);
    if (former.length >= FACTORS_EACH) throw new TooManyFactorsError();
    const factor = await keep();
    const user = { id: userId, username };
    const cause = { userId, username, clientAddress };
    await record(accountEvent('homeserver.user.factor_added', user, cause, factor.name));
    return {
      factor: toFactor({ ...factor, lastUsedAt: null }),
      recoveryCodes: former.length === 0 ? await this.recoveryCodes.make(userId, manager) : null,
    };
  }
}

export function toFactor({ createdAt, lastUsedAt, ...rest }: FactorRow): Factor {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

class TooManyFactorsError extends DomainError {
  constructor() {
    super(
      'accounts.too_many_factors',
      409,
      `You have ${FACTORS_EACH} ways to sign in. Remove those that you no longer use.`,
    );
  }
}
