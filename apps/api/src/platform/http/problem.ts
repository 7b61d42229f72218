import { STATUS_CODES } from 'node:http';

import type { Problem } from '@homeserver/dto';
import { HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';

import { DatabaseUnavailableError, isDatabaseAway } from '../database/database-errors';
import { DomainError } from './domain-error';
import { isBodyHeldBack } from './expect-continue';
import { BodyTooLargeError, MalformedRequestError, UnsupportedMediaTypeError } from './http.errors';

const DRAIN_MS = 5000;
/** What a route may have said of its content before it failed. */
const HEADERS_OF_CONTENT = ['Content-Disposition', 'Content-Length', 'ETag', 'Last-Modified'];
const UNEXPECTED =
  'Something went wrong in HomeServer. Its log has the details under the request id.';

/** Whatever was thrown, as what the caller may know of it. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isDatabaseAway(error)) return new DatabaseUnavailableError(error);
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error);
  if (error instanceof URIError) return new MalformedRequestError(error);
  // http-errors of Express and its middleware: their `expose` marks what is the client's fault.
  if (error instanceof Error && 'expose' in error && error.expose === true && 'status' in error) {
    return fromStatus(Number(error.status), error);
  }
  return new DomainError('http.internal_error', 500, UNEXPECTED, { cause: error });
}

function fromStatus(status: number, cause: Error): DomainError {
  switch (status) {
    case 400:
      return new MalformedRequestError(cause);
    case 404:
      return new DomainError('http.not_found', 404, 'There is nothing at this address.', { cause });
    case 413:
      return new BodyTooLargeError(cause);
    case 415:
      return new UnsupportedMediaTypeError(undefined, cause);
    default:
      return status >= 500
        ? new DomainError('http.internal_error', 500, UNEXPECTED, { cause })
        : new DomainError(
            'http.refused',
            status,
            STATUS_CODES[status] ?? 'The request was refused.',
            { cause },
          );
  }
}

/** Of the protocol of uploads, tus 1.0.0. */
const CHECKSUM_MISMATCH = 460;

function titleOf(status: number): string {
  return status === CHECKSUM_MISMATCH ? 'Checksum Mismatch' : (STATUS_CODES[status] ?? 'Error');
}

/** RFC 9457 for an error. */
export function toProblem(error: DomainError, instance: string, requestId: string): Problem {
  return {
    type: `/docs#${error.code}`,
    title: titleOf(error.status),
    status: error.status,
    detail: error.message,
    instance,
    code: error.code,
    requestId,
    ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
  };
}

/** Answers with the problem, or ends the connection where an answer has begun already. */
export function sendProblem(request: Request, response: Response, thrown: unknown): void {
  const error = toDomainError(thrown);
  if (error.status >= 500)
    request.log.error({ err: error.cause ?? error, code: error.code }, error.message);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // RFC 9110, section 10.1.1: a body that was never invited may come or not; a new connection ends the doubt.
  if (isBodyHeldBack(request)) response.setHeader('Connection', 'close');
  endUnreadBody(request);
  for (const name of HEADERS_OF_CONTENT) response.removeHeader(name);
  if (error.retryAfterSeconds !== undefined) {
    response.setHeader('Retry-After', String(error.retryAfterSeconds));
  }
  const path = request.originalUrl.split('?')[0] ?? '/';
  response.statusMessage = titleOf(error.status);
  response
    .status(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, path, request.id)));
}

/**
 * An answer that comes before the end of the body: the client is given a while to notice it, then the
 * connection is closed, so that nobody sends gigabytes for nothing.
 */
function endUnreadBody(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  const limit = setTimeout(() => request.socket.destroy(), DRAIN_MS);
  limit.unref();
  const stop = () => clearTimeout(limit);
  request.once('end', stop);
  request.once('close', stop);
  request.resume();
}
