import { DomainError } from '../http/domain-error';

export class SignInRequiredError extends DomainError {
  constructor() {
    super('accounts.sign_in_required', 401, 'Sign in first: nobody is let in here unknown.');
  }
}

export class AccessDeniedError extends DomainError {
  constructor(message = 'You may not do this here.') {
    super('access.denied', 403, message);
  }
}

export class SessionRequiredError extends DomainError {
  constructor() {
    super(
      'accounts.session_required',
      403,
      'Only a person who is signed in may do this; a token may not. Do it in the web app.',
    );
  }
}
