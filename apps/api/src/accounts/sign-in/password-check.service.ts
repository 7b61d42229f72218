import type { SignIn } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  CodeRequiredError,
  CodeWrongError,
  DisabledError,
  WrongCredentialsError,
} from '../accounts.errors';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { PasswordHasher } from '../passwords/password-hasher.adapter';
import type { UserSecrets } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { SecondFactor } from './second-factor.service';
import { SignInFailures } from './sign-in-failures.service';

const SHOWN_USERNAME = 64;

/** Who somebody says to be, and by what they prove it. */
export type Claim = Pick<SignIn, 'username' | 'password' | 'code'>;

/** Checks a password, and the second factor where one is due. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasher,
    private readonly limiter: AttemptLimiter,
    private readonly secondFactor: SecondFactor,
    private readonly failures: SignInFailures,
  ) {}

  /**
   * Who has proved to be whom. For a name that nobody has, the same is done as for a wrong password.
   * @throws TooManyAttemptsError (429), WrongCredentialsError, CodeRequiredError and CodeWrongError (401),
   * DisabledError (403)
   */
  async check(claim: Claim, clientAddress: string): Promise<UserSecrets> {
    // Cut to size it may end with half of a character, which no database keeps.
    const username = claim.username
      .normalize('NFC')
      .toLowerCase()
      .slice(0, SHOWN_USERNAME)
      .toWellFormed();
    const user = await this.users.findSecretsByUsername(username);
    const isRight = await this.limiter.guard(
      { kind: 'password', account: username, clientAddress },
      () => this.hasher.verify(claim.password, user?.passwordHash ?? null),
    );
    if (user === null || !isRight) {
      await this.failures.record(user, clientAddress, 'wrong user name or password');
      throw new WrongCredentialsError();
    }
    if (user.disabled) throw new DisabledError();
    if (user.secondFactorRequired) await this.checkCode(user, claim.code, clientAddress);
    return user;
  }

  private async checkCode(
    user: UserSecrets,
    code: string | undefined,
    clientAddress: string,
  ): Promise<void> {
    if (code === undefined) throw new CodeRequiredError();
    const isRight = await this.limiter.guard(
      { kind: 'code', account: user.username, clientAddress },
      () => this.secondFactor.verify(user, code, clientAddress),
    );
    if (isRight) return;
    await this.failures.record(user, clientAddress, 'wrong code');
    throw new CodeWrongError();
  }
}
