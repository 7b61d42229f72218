import { DomainError } from './domain-error';

/** Bytes that do not parse. */
export class MalformedRequestError extends DomainError {
  constructor(
    cause?: unknown,
    message = 'The request could not be read. Check its syntax and its encoding.',
  ) {
    super('http.malformed', 400, message, { cause });
  }
}

export class BodyTooLargeError extends DomainError {
  constructor(cause?: unknown) {
    super('http.too_large', 413, 'The body of the request is larger than this call takes.', {
      cause,
    });
  }
}

export class UnsupportedMediaTypeError extends DomainError {
  constructor(message = 'The body must be JSON in UTF-8.', cause?: unknown) {
    super('http.unsupported_media_type', 415, message, { cause });
  }
}
