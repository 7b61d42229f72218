import { DomainError } from '../../platform/http/domain-error';

export class IdentityProviderMissingError extends DomainError {
  constructor() {
    super('accounts.oidc_not_set_up', 404, 'No identity provider is set up here.');
  }
}

/** Whatever went wrong on the way there and back; the log knows it. */
export class IdentityRefusedError extends DomainError {
  constructor(cause?: unknown) {
    super(
      'accounts.oidc_refused',
      403,
      'The sign-in by the identity provider did not come to its end. Try again, or use another way.',
      { cause },
    );
  }
}

/** The provider knows the person; nobody here is linked with that account. */
export class UnknownIdentityError extends DomainError {
  constructor() {
    super(
      'accounts.oidc_unknown_user',
      403,
      'The account at the identity provider belongs to nobody here.',
    );
  }
}

export class IdentityTakenError extends DomainError {
  constructor() {
    super(
      'accounts.identity_taken',
      409,
      'This account at the identity provider is linked with somebody else here.',
    );
  }
}

export class IdentityExistsError extends DomainError {
  constructor() {
    super(
      'accounts.identity_exists',
      409,
      'You are linked with another account at the identity provider. Unlink that one first.',
    );
  }
}

export class IdentityNotLinkedError extends DomainError {
  constructor() {
    super(
      'accounts.identity_not_linked',
      404,
      'You are not linked with an account at the identity provider.',
    );
  }
}
