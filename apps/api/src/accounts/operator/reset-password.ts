import { newPasswordSchema } from '@homeserver/dto';

import { OperatorError } from '../../platform/config/operator-error';
import { isGuessable } from '../passwords/guessable';
import { PasswordHasher } from '../passwords/password-hasher.adapter';
import { newSecret } from '../secret';
import type { PasswordResetRepository } from './password-reset.repository';

/** 80 random bits, in groups that can be typed. */
const CHARACTERS = 16;
const GROUPS = /.{4}(?=.)/g;

export interface PasswordResetWish {
  readonly username: string;
  /** null: one is made. */
  readonly password: string | null;
  readonly withoutSecondFactor: boolean;
}

/** What was done, and what of the account is as it was. */
export interface PasswordResetOutcome {
  readonly password: string;
  /** Other ways in, in words; empty when there are none. */
  readonly stillLetIn: readonly string[];
}

/**
 * Gives an account another password, for the day when nobody gets in any more.
 * @throws OperatorError when there is no such user, or the password cannot be one
 */
export async function resetPassword(
  repository: PasswordResetRepository,
  { username, password, withoutSecondFactor }: PasswordResetWish,
): Promise<PasswordResetOutcome> {
  const name = username.toLowerCase();
  const chosen = password ?? newSecret().slice(0, CHARACTERS).replace(GROUPS, '$&-');
  const fault = newPasswordSchema.safeParse(chosen).error?.issues[0]?.message;
  if (fault !== undefined) throw new OperatorError(fault);
  if (isGuessable(chosen, name))
    throw new OperatorError('This password is one of the first that others would try.');
  const passwordHash = await new PasswordHasher().hash(chosen);
  if (await repository.reset({ username: name, passwordHash, withoutSecondFactor })) {
    const { tokens, passkeys, identities } = await repository.countOtherWays(name);
    const stillLetIn = [
      ...(tokens > 0 ? [`API tokens: ${tokens}`] : []),
      ...(passkeys > 0 ? [`passkeys: ${passkeys}`] : []),
      ...(identities > 0 ? ['the account at the identity provider'] : []),
    ];
    return { password: chosen, stillLetIn };
  }
  const names = await repository.listUsernames();
  throw new OperatorError(
    names.length === 0
      ? 'There are no users yet: open HomeServer and set it up.'
      : `There is no user “${username}”. There are: ${names.join(', ')}.`,
  );
}
