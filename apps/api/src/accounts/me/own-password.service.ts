import type { ChangePassword } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { SignInRequiredError } from '../../platform/access/access.errors';
import type { Actor } from '../../platform/access/actor';
import { EventTransactions } from '../../platform/events/event-transactions';
import { accountEvent } from '../account-event';
import { UserNotFoundError, WrongPasswordError } from '../accounts.errors';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { PasswordHasher } from '../passwords/password-hasher.adapter';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { SessionsRepository } from '../sessions/sessions.repository';
import { SessionsService } from '../sessions/sessions.service';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';

@Injectable()
export class OwnPasswordService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly limiter: AttemptLimiter,
    private readonly sessions: SessionsService,
    private readonly sessionRows: SessionsRepository,
    private readonly transactions: EventTransactions,
  ) {}

  /**
   * Sets another password, and ends every session of the user.
   * @returns the secret of the new session of the caller
   * @throws WrongPasswordError, ConfirmRequiredError where there is no password yet, GuessablePasswordError,
   * SignInRequiredError when the session has ended meanwhile
   */
  async change(
    actor: Actor,
    { currentPassword, newPassword }: ChangePassword,
    userAgent: string,
  ): Promise<string> {
    const user = await this.repository.findSecretsById(actor.userId);
    if (user === null) throw new UserNotFoundError();
    if (user.passwordHash === null) requireConfirmed(actor);
    else await this.requirePassword(actor, user.passwordHash, currentPassword ?? '');
    const passwordHash = await this.users.hashNew(
      { username: user.username, password: newPassword },
      '#/newPassword',
    );
    return this.transactions.run(async ({ manager, record }) => {
      // The check was a while ago: a password that was reset meanwhile stays, and so does the end of a session.
      if ((await this.repository.touch(user.id, user, manager)) === null)
        throw new WrongPasswordError();
      if (!(await this.sessionRows.delete(user.id, actor.credential.id, manager)))
        throw new SignInRequiredError();
      await this.repository.update(user.id, { passwordHash: passwordHash ?? undefined }, manager);
      await this.sessionRows.deleteAll(user.id, null, manager);
      await record(accountEvent('homeserver.user.password_changed', user, actor));
      // A password alone is the whole proof only where it is all that is asked for.
      const isProof = user.passwordHash !== null && !user.secondFactorRequired;
      const provenAt = isProof ? null : actor.confirmedAt;
      return this.sessions.start(user.id, { ...actor, userAgent, provenAt }, manager);
    });
  }

  /** @throws WrongPasswordError, TooManyAttemptsError */
  private async requirePassword(actor: Actor, hash: string, password: string): Promise<void> {
    const { username, clientAddress } = actor;
    const isRight = await this.limiter.guard(
      { kind: 'password', account: username, clientAddress },
      () => this.hasher.verify(password, hash),
    );
    if (!isRight) throw new WrongPasswordError();
  }
}
