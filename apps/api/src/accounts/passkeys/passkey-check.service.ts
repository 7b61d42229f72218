import type { PasskeyChallenge, PasskeySignIn } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { DisabledError } from '../accounts.errors';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { SignInFailures } from '../sign-in/sign-in-failures.service';
import type { UserRow } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { PasskeyChallengesRepository } from './passkey-challenges.repository';
import { isUserHandleOf } from './passkey-user';
import { PasskeyRefusedError } from './passkeys.errors';
import { type PasskeyRow, PasskeysRepository } from './passkeys.repository';
import { RelyingParties, type RelyingParty } from './relying-parties';
import { loadWebAuthn } from './webauthn';

const TIMEOUT_MS = 5 * 60 * 1000;

/** Knows people by a passkey alone: having it, and unlocking it, are two factors already. */
@Injectable()
export class PasskeyCheck {
  constructor(
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallengesRepository,
    private readonly parties: RelyingParties,
    private readonly users: UsersRepository,
    private readonly limiter: AttemptLimiter,
    private readonly proxies: ProxyTrust,
    private readonly failures: SignInFailures,
  ) {}

  /** What the browser needs to use one of whoever is there. @throws PasskeysUnavailableError */
  async begin(request: Request): Promise<PasskeyChallenge> {
    const { generateAuthenticationOptions } = await loadWebAuthn();
    const options = await generateAuthenticationOptions({
      rpID: this.parties.for(request).id,
      userVerification: 'required',
      timeout: TIMEOUT_MS,
    });
    const id = uuid7();
    await this.challenges.insert({ id, userId: null, challenge: options.challenge });
    return { challengeId: id, options: { ...options } };
  }

  /**
   * Whose passkey has answered the challenge.
   * @throws TooManyAttemptsError (429), PasskeyRefusedError (401), DisabledError (403), PasskeysUnavailableError (409)
   */
  async check(answer: PasskeySignIn, request: Request): Promise<UserRow> {
    const party = this.parties.for(request);
    const clientAddress = this.proxies.addressOf(request);
    const attempt = { kind: 'passkey', account: null, clientAddress } as const;
    await this.limiter.take(attempt);
    const passkey = await this.passkeys.find(Buffer.from(answer.response.id, 'base64url'));
    const user = passkey === null ? null : await this.users.find(passkey.userId);
    try {
      if (passkey === null || user === null) throw new PasskeyRefusedError();
      await this.prove(passkey, answer, party);
      await this.limiter.succeed(attempt);
      if (user.disabled) throw new DisabledError();
      return user;
    } catch (error) {
      if (error instanceof PasskeyRefusedError)
        await this.failures.record(user, clientAddress, 'passkey refused');
      throw error;
    }
  }

  /** The same, of somebody who is signed in already. @throws as `check` does */
  async confirm(actor: Actor, answer: PasskeySignIn, request: Request): Promise<void> {
    const user = await this.check(answer, request);
    if (user.id !== actor.userId) throw new PasskeyRefusedError();
  }

  /** @throws PasskeyRefusedError */
  private async prove(
    passkey: PasskeyRow,
    { challengeId, response }: PasskeySignIn,
    party: RelyingParty,
  ): Promise<void> {
    const challenge = await this.challenges.take(challengeId, null);
    // WebAuthn Level 3, section 7.2, step 6: the passkey says whose it is, and it has to be theirs.
    if (challenge === null || !isUserHandleOf(passkey.userId, response.response.userHandle))
      throw new PasskeyRefusedError();
    const counter = await verify(passkey, response, {
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
    });
    if (!(await this.passkeys.use(passkey.id, counter))) throw new PasskeyRefusedError();
  }
}

/** @returns how often the passkey was used, as it says. @throws PasskeyRefusedError */
async function verify(
  { publicKey, counter }: PasskeyRow,
  response: PasskeySignIn['response'],
  expected: { expectedChallenge: string; expectedOrigin: string[]; expectedRPID: string },
): Promise<number> {
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...expected,
      response: { ...response, clientExtensionResults: {} },
      credential: { id: response.id, publicKey: Uint8Array.from(publicKey), counter },
      requireUserVerification: true,
    });
    if (verified) return authenticationInfo.newCounter;
  } catch (error) {
    // The library throws plain errors for whatever does not hold: challenge, origin, counter, flags.
    throw new PasskeyRefusedError(error);
  }
  throw new PasskeyRefusedError();
}
