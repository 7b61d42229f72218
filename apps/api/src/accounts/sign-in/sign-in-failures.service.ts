import { Injectable } from '@nestjs/common';

import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import type { UserRow } from '../users/user';

/** Keeps in the audit log who tried to come in and did not. */
@Injectable()
export class SignInFailures {
  constructor(private readonly transactions: EventTransactions) {}

  /**
   * @param user whose account it was tried at; null: there is none. A name that nobody has is not kept: it may
   * be a password that went into the wrong field.
   */
  async record(
    user: Pick<UserRow, 'id' | 'username'> | null,
    clientAddress: string,
    detail: string,
  ): Promise<void> {
    const cause = { userId: null, username: null, clientAddress };
    const shown = user ?? { id: null, username: 'unknown' };
    await this.transactions.run(({ record }) =>
      record(accountEvent('homeserver.user.sign_in_failed', shown, cause, detail)),
    );
  }
}
