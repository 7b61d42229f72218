import { DomainError } from '../../platform/http/domain-error';

export class FactorNotFoundError extends DomainError {
  constructor() {
    super('accounts.factor_not_found', 404, 'There is no such factor. It may have been removed.');
  }
}

/** A code that was to prove that an authenticator app was set up rightly. */
export class TotpCodeWrongError extends DomainError {
  constructor() {
    super(
      'accounts.code_wrong',
      422,
      'This code is not right. Check that the clock of your device is, and give the code that it shows now.',
      { errors: [{ pointer: '#/code', detail: 'This is not the code that the app shows now.' }] },
    );
  }
}

export class TotpExistsError extends DomainError {
  constructor() {
    super(
      'accounts.totp_exists',
      409,
      'You have an authenticator app already. Remove it first, then set up the other one.',
    );
  }
}

export class TotpNotBegunError extends DomainError {
  constructor() {
    super(
      'accounts.totp_not_begun',
      409,
      'No authenticator app is being set up, or that took too long. Begin again.',
    );
  }
}

export class NoFactorError extends DomainError {
  constructor() {
    super(
      'accounts.no_factor',
      409,
      'You have neither an authenticator app nor a passkey yet. Add one first.',
    );
  }
}

export class RequiredByTotpError extends DomainError {
  constructor() {
    super(
      'accounts.required_by_totp',
      409,
      'With an authenticator app its code is asked for at every sign-in. Remove the app to do without.',
    );
  }
}

/** Without it the person could not come in any more. */
export class LastWayInError extends DomainError {
  constructor() {
    super(
      'accounts.last_way_in',
      409,
      'This is the last way in that you have. Set a password or add a passkey first.',
    );
  }
}
