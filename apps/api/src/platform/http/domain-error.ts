import type { ProblemError } from '@homeserver/dto';

export interface DomainErrorOptions {
  /** Which parts of the input are at fault. */
  readonly errors?: readonly ProblemError[];
  readonly retryAfterSeconds?: number;
  /** For the log only: it never reaches an answer. */
  readonly cause?: unknown;
}

/**
 * Something that a caller is told: a stable code for programs, a status, and a sentence for people
 * that says what went wrong and what to do. The filter turns it into RFC 9457.
 */
export class DomainError extends Error {
  readonly errors: readonly ProblemError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Of a thousand faults the first few say enough. */
const SHOWN_ERRORS = 50;
const SHOWN_DETAILS = 3;

/** Input that parses but is not what the call takes: 422 with a pointer to each fault. */
export class InvalidInputError extends DomainError {
  constructor(errors: readonly ProblemError[], code = 'http.invalid_input') {
    const shown = errors.slice(0, SHOWN_ERRORS);
    const words = new Set(shown.map((error) => error.detail));
    super(code, 422, [...words].slice(0, SHOWN_DETAILS).join(' '), { errors: shown });
  }
}
