import { inject, Injectable } from '@angular/core';
import type { AddedFactor, FactorList, PasskeyChallenge } from '@homeserver/dto';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { firstValueFrom } from 'rxjs';

import { FactorsApi } from '../factors-api';

/** Why a browser made no passkey, in words for a person. */
export class PasskeyRefused extends Error {}

/** Makes passkeys by the browser's own means. */
@Injectable()
export class Passkeys {
  private readonly api = inject(FactorsApi);

  /** Why no passkey can be made here, for a person; null when one can. */
  whyNot(server: FactorList['passkeys']): string | null {
    if (!server.available) return server.reason ?? 'Passkeys are not set up on this server.';
    if (!window.isSecureContext) return 'Passkeys need HTTPS, and this page was opened without it.';
    if (!('PublicKeyCredential' in window)) return 'This browser has no passkeys.';
    return null;
  }

  /** @throws HttpErrorResponse 403 */
  async begin(): Promise<PasskeyChallenge> {
    return firstValueFrom(this.api.passkeyOptions());
  }

  /**
   * Lets the browser make a passkey and the server keep it.
   * @throws PasskeyRefused when the browser or the person did not want to
   * @throws HttpErrorResponse when the server did not
   */
  async create(challenge: PasskeyChallenge, name: string): Promise<AddedFactor> {
    const response = await this.askBrowser(challenge.options);
    const { challengeId } = challenge;
    return firstValueFrom(this.api.createPasskey({ challengeId, name, response }));
  }

  private async askBrowser(options: PasskeyChallenge['options']) {
    if (!isCreationOptions(options)) throw new PasskeyRefused(WORDS.unknown);
    // Only here is it needed, and most people never come here.
    const { startRegistration } = await import('@simplewebauthn/browser');
    try {
      return { ...(await startRegistration({ optionsJSON: options })) };
    } catch (error) {
      // Browsers tell by the error's name alone what was the matter.
      throw new PasskeyRefused(wordsFor(error), { cause: error });
    }
  }
}

const WORDS = {
  NotAllowedError: 'No passkey was made: it was cancelled, or took too long. Try again.',
  InvalidStateError: 'This device has a passkey of yours for HomeServer already.',
  unknown: 'This browser could not make a passkey. Try another browser or device.',
} as const;

function wordsFor(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return name === 'NotAllowedError' || name === 'InvalidStateError' ? WORDS[name] : WORDS.unknown;
}

/** Enough to tell that they are some; the browser checks the rest. */
function isCreationOptions(options: object): options is PublicKeyCredentialCreationOptionsJSON {
  return 'challenge' in options && 'rp' in options && 'user' in options;
}
