import { DomainError } from '../../platform/http/domain-error';

export class PasskeysUnavailableError extends DomainError {
  constructor(reason: string) {
    super('accounts.passkeys_unavailable', 409, reason);
  }
}

/** Why is for the log alone: the browser's user can do nothing with it. */
export class PasskeyRefusedError extends DomainError {
  constructor(cause?: unknown) {
    super(
      'accounts.passkey_refused',
      401,
      'This passkey is not known here, or its answer came too late. Try again, or sign in another way.',
      { cause },
    );
  }
}

/** A passkey that was to be added. */
export class NewPasskeyRefusedError extends DomainError {
  constructor(cause?: unknown) {
    super(
      'accounts.passkey_refused',
      422,
      'This passkey could not be taken: its answer came too late, or does not fit. Try again.',
      {
        cause,
        errors: [{ pointer: '#/response', detail: 'This does not answer the challenge rightly.' }],
      },
    );
  }
}

export class PasskeyKnownError extends DomainError {
  constructor() {
    super('accounts.passkey_known', 409, 'This passkey is known here already.');
  }
}
