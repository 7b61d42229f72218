import { inject, Injectable } from '@angular/core';
import type { AddedFactor, FactorList, PasskeyChallenge } from '@homeserver/dto';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { firstValueFrom } from 'rxjs';

import { Passkeys } from '../../core/proof/passkeys';
import { FactorsApi } from '../factors-api';

/** Why a browser made no passkey, in words for a person. */
export class PasskeyRefused extends Error {}

/** Makes passkeys by the browser's own means. */
@Injectable()
export class PasskeyMaker {
  private readonly api = inject(FactorsApi);
  private readonly browser = inject(Passkeys);

  /** Why no passkey can be made here, for a person; null when one can. */
  whyNot(server: FactorList['passkeys']): string | null {
    if (server.available) return this.browser.obstacle;
    return server.reason ?? 'Passkeys are not set up on this server.';
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
    const response = await askBrowser(challenge.options);
    const { challengeId } = challenge;
    return firstValueFrom(this.api.createPasskey({ challengeId, name, response }));
  }
}

async function askBrowser(options: PasskeyChallenge['options']) {
  // Only here is it needed, and most people never come here.
  const { startRegistration } = await import('@simplewebauthn/browser');
  try {
    if (!isCreationOptions(options)) throw new TypeError('The server sent no options.');
    return { ...(await startRegistration({ optionsJSON: options })) };
  } catch (error) {
    throw new PasskeyRefused(wordsFor(error), { cause: error });
  }
}

const UNKNOWN = 'This browser could not make a passkey. Try another browser or device.';

/** Browsers tell by the error's name alone what was the matter. */
const WORDS: Readonly<Record<string, string>> = {
  NotAllowedError: 'No passkey was made: it was cancelled, or took too long. Try again.',
  InvalidStateError: 'This device has a passkey of yours for HomeServer already.',
  SecurityError:
    'Passkeys do not work under this address. Open HomeServer under the one it was set up for.',
};

function wordsFor(error: unknown): string {
  return (error instanceof Error ? WORDS[error.name] : undefined) ?? UNKNOWN;
}

/** Enough to tell that they are some; the browser checks the rest. */
function isCreationOptions(options: object): options is PublicKeyCredentialCreationOptionsJSON {
  return 'challenge' in options && 'rp' in options && 'user' in options;
}
