import type { AddedFactor, CreatePasskey, PasskeyChallenge } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { WebAuthnCredential } from '@simplewebauthn/server';
import type { Request } from 'express';

import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EventTransactions } from '../../platform/events/event-transactions';
import { FactorEnrolment } from '../factors/factor-enrolment.service';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { UsersService } from '../users/users.service';
import { PasskeyChallengesRepository } from './passkey-challenges.repository';
import { toUserHandle } from './passkey-user';
import { NewPasskeyRefusedError, PasskeyKnownError } from './passkeys.errors';
import { PasskeysRepository } from './passkeys.repository';
import { RelyingParties, type RelyingParty } from './relying-parties';
import { loadWebAuthn } from './webauthn';

/** ES256, EdDSA and RS256, which all authenticators and every Node.js that we run on know between them. */
const ALGORITHMS = [-7, -8, -257];
const TIMEOUT_MS = 5 * 60 * 1000;

/** Adds passkeys. */
@Injectable()
export class PasskeyRegistration {
  constructor(
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: PasskeyChallengesRepository,
    private readonly parties: RelyingParties,
    private readonly users: UsersService,
    private readonly enrolment: FactorEnrolment,
    private readonly transactions: EventTransactions,
  ) {}

  /** What the browser needs to make one. @throws ConfirmRequiredError, PasskeysUnavailableError */
  async begin(actor: Actor, request: Request): Promise<PasskeyChallenge> {
    requireConfirmed(actor);
    const party = this.parties.for(request);
    const { displayName } = await this.users.get(actor.userId);
    const known = await this.passkeys.listCredentials(actor.userId, party.id);
    const { generateRegistrationOptions } = await loadWebAuthn();
    const options = await generateRegistrationOptions({
      rpName: 'HomeServer',
      rpID: party.id,
      userID: toUserHandle(actor.userId),
      userName: actor.username,
      userDisplayName: displayName,
      timeout: TIMEOUT_MS,
      // What the device is, is nobody's business here.
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId, transports }) => ({
        id: credentialId.toString('base64url'),
        transports,
      })),
      // It signs in alone: so it has to know whose it is, and that this person is there.
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    const id = uuid7();
    await this.challenges.insert({ id, userId: actor.userId, challenge: options.challenge });
    return { challengeId: id, options: { ...options } };
  }

  /** @throws ConfirmRequiredError, PasskeysUnavailableError, NewPasskeyRefusedError, PasskeyKnownError */
  async finish(
    actor: Actor,
    { challengeId, name, response }: CreatePasskey,
    request: Request,
  ): Promise<AddedFactor> {
    requireConfirmed(actor);
    const party = this.parties.for(request);
    const challenge = await this.challenges.take(challengeId, actor.userId);
    if (challenge === null) throw new NewPasskeyRefusedError();
    const credential = await verify(response, challenge, party);
    const id = uuid7();
    return this.transactions.run((transaction) =>
      this.enrolment.enrol(actor, transaction, async () => {
        const createdAt = await this.passkeys.insert(
          {
            id,
            userId: actor.userId,
            credentialId: Buffer.from(credential.id, 'base64url'),
            publicKey: Buffer.from(credential.publicKey),
            counter: credential.counter,
            transports: response.response.transports ?? [],
            rpId: party.id,
            name,
          },
          transaction.manager,
        );
        if (createdAt === null) throw new PasskeyKnownError();
        return { id, kind: 'passkey', name, createdAt };
      }),
    );
  }
}

/** @throws NewPasskeyRefusedError */
async function verify(
  response: CreatePasskey['response'],
  challenge: string,
  { id, origins }: RelyingParty,
): Promise<WebAuthnCredential> {
  const { verifyRegistrationResponse } = await loadWebAuthn();
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origins,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (registrationInfo !== undefined) return registrationInfo.credential;
  } catch (error) {
    // The library throws plain errors for whatever does not hold, also for bytes that are no CBOR.
    throw new NewPasskeyRefusedError(error);
  }
  throw new NewPasskeyRefusedError();
}
