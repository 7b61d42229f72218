import { DomainError, InvalidInputError } from '../platform/http/domain-error';

export class WrongCredentialsError extends DomainError {
  constructor() {
    super(
      'accounts.wrong_credentials',
      401,
      'The user name or the password is not right. Check both and try again.',
    );
  }
}

/** The password was right; a second factor is due. */
export class CodeRequiredError extends DomainError {
  constructor() {
    super(
      'accounts.code_required',
      401,
      'Give the code of your authenticator app, or one of your recovery codes.',
    );
  }
}

export class CodeWrongError extends DomainError {
  constructor() {
    super(
      'accounts.code_wrong',
      401,
      'This code is not right, or it was used already. Wait for the next one.',
    );
  }
}

export class WrongPasswordError extends DomainError {
  constructor() {
    super('accounts.wrong_password', 403, 'The current password is not right.');
  }
}

export class TooManyAttemptsError extends DomainError {
  constructor(retryAfterSeconds: number) {
    super(
      'accounts.too_many_attempts',
      429,
      'There were too many wrong attempts. Wait a while, then try again.',
      { retryAfterSeconds },
    );
  }
}

/** More passwords wait to be checked than there is memory and patience for. */
export class SignInBusyError extends DomainError {
  constructor() {
    super(
      'accounts.busy',
      503,
      'Too many people sign in at this moment. Try again in a few seconds.',
      { retryAfterSeconds: 5 },
    );
  }
}

export class SetupTokenWrongError extends DomainError {
  constructor() {
    super(
      'accounts.setup_token_wrong',
      403,
      'This is not the set-up token. It was printed when HomeServer started, and lies in the file “setup-token” in its data folder.',
    );
  }
}

export class AlreadySetUpError extends DomainError {
  constructor() {
    super('accounts.already_set_up', 409, 'HomeServer is set up already. Sign in instead.');
  }
}

export class UserNotFoundError extends DomainError {
  constructor() {
    super('accounts.user_not_found', 404, 'There is no such user.');
  }
}

export class SessionNotFoundError extends DomainError {
  constructor() {
    super('accounts.session_not_found', 404, 'There is no such session. It may have ended.');
  }
}

export class TokenNotFoundError extends DomainError {
  constructor() {
    super('accounts.token_not_found', 404, 'There is no such token. It may have been deleted.');
  }
}

export class UsernameTakenError extends DomainError {
  constructor(username: string) {
    super(
      'accounts.username_taken',
      409,
      `There is already a user named “${username}”. Choose another name.`,
    );
  }
}

export class LastAdministratorError extends DomainError {
  constructor() {
    super(
      'accounts.last_administrator',
      409,
      'This is the last administrator who can sign in. Make somebody else an administrator first.',
    );
  }
}

export class ConfirmRequiredError extends DomainError {
  constructor() {
    super(
      'accounts.confirm_required',
      403,
      'Show once more that it is you: your sign-in is too long ago for this.',
    );
  }
}

/** A password that whoever guesses would try first. */
export class GuessablePasswordError extends InvalidInputError {
  constructor(pointer: string) {
    super(
      [
        {
          pointer,
          detail:
            'This password is one of the first that others would try. A few unusual words make a good one.',
        },
      ],
      'accounts.password_guessable',
    );
  }
}

/** Told only to who knows the password. */
export class DisabledError extends DomainError {
  constructor() {
    super(
      'accounts.disabled',
      403,
      'This account is disabled. Ask whoever looks after HomeServer at home.',
    );
  }
}
