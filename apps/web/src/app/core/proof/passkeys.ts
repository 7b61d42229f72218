import { Injectable } from '@angular/core';
import type { PasskeyChallenge, PasskeySignIn } from '@homeserver/dto';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';

/** Why no passkey came of it, in words for a person; null when they only changed their mind. */
export class PasskeyUnused extends Error {
  constructor(readonly words: string | null) {
    super(words ?? 'The person let it be.');
    this.name = 'PasskeyUnused';
  }
}

const NOT_DONE =
  'No passkey was used. Either none on this device is known here, or it was cancelled or took too long.';

/** What the browser can do with passkeys. The library for it is loaded at the first use. */
@Injectable({ providedIn: 'root' })
export class Passkeys {
  /** Why this browser has none at this address, in words for a person; null when it has. */
  readonly obstacle = obstacleHere();

  /**
   * Lets the person choose one of their passkeys, in a dialog of the browser.
   * @throws PasskeyUnused when none came of it
   */
  async choose({ challengeId, options }: PasskeyChallenge): Promise<PasskeySignIn> {
    const { startAuthentication } = await import('@simplewebauthn/browser');
    try {
      const optionsJSON = checked(options);
      return { challengeId, response: { ...(await startAuthentication({ optionsJSON })) } };
    } catch (error) {
      throw new PasskeyUnused(isAborted(error) ? null : wordsFor(error));
    }
  }

  /**
   * Lets the browser offer passkeys at the fields that are marked for them, beside saved passwords.
   * @returns the one that was chosen there; null where the browser does not offer any, or `stop()` was called
   */
  async offer(ask: () => Promise<PasskeyChallenge>): Promise<PasskeySignIn | null> {
    if (this.obstacle !== null) return null;
    const browser = await import('@simplewebauthn/browser');
    if (!(await browser.browserSupportsWebAuthnAutofill())) return null;
    try {
      const { challengeId, options } = await ask();
      const optionsJSON = checked(options);
      const response = await browser.startAuthentication({ optionsJSON, useBrowserAutofill: true });
      return { challengeId, response: { ...response } };
    } catch {
      // It was only an offer: the page has other ways, and a button that tells what is wrong.
      return null;
    }
  }

  /** Takes an offer back, and closes the browser's dialog. */
  async stop(): Promise<void> {
    if (this.obstacle !== null) return;
    const { WebAuthnAbortService } = await import('@simplewebauthn/browser');
    WebAuthnAbortService.cancelCeremony();
  }
}

function obstacleHere(): string | null {
  if (!isSecureContext) {
    return 'Passkeys work only where this page is opened over HTTPS, or on the machine itself.';
  }
  return 'PublicKeyCredential' in globalThis ? null : 'This browser has no passkeys.';
}

function checked(options: PasskeyChallenge['options']): PublicKeyCredentialRequestOptionsJSON {
  if (!isRequest(options)) throw new TypeError('The server sent no challenge.');
  return options;
}

function isRequest(
  options: object,
): options is PublicKeyCredentialRequestOptionsJSON & Record<string, unknown> {
  return 'challenge' in options && typeof options.challenge === 'string';
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function wordsFor(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'SecurityError') {
    return 'Passkeys do not work under this address. Open HomeServer under the one it was set up for.';
  }
  // Browsers say the same for a cancelled dialog, a time-out and a device without passkeys.
  return NOT_DONE;
}
