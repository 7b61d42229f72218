import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';

import type { Request, Response } from 'express';

import { inviteBody } from './expect-continue';
import { requireCleanJson, requireShallowJson } from './hostile-input';
import { BodyTooLargeError, MalformedRequestError, UnsupportedMediaTypeError } from './http.errors';

const MAXIMUM_BODY_BYTES = 1024 * 1024;

/**
 * The body of a request as JSON says it, whatever value that is; undefined where there is none.
 * @throws UnsupportedMediaTypeError when it is no JSON in UTF-8, BodyTooLargeError above 1 MiB,
 * MalformedRequestError when it does not parse or is cut off, InvalidInputError when it is nested deeply or
 * has texts and members that no call takes
 */
export async function readJsonBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  requireJson(request);
  if (Number(request.headers['content-length'] ?? 0) > MAXIMUM_BODY_BYTES)
    throw new BodyTooLargeError();
  inviteBody(request, response);
  return parse(await readBytes(request));
}

/** RFC 9112, section 6.3. An empty one counts as none, whatever its type is. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** @throws UnsupportedMediaTypeError */
function requireJson(request: Request): void {
  if (!request.is('json')) throw new UnsupportedMediaTypeError();
  // RFC 8259, section 8.1: JSON travels in UTF-8 alone.
  const charset = charsetOf(request.headers['content-type'] ?? '');
  if (charset !== null && !/^utf-?8$/i.test(charset)) throw new UnsupportedMediaTypeError();
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeError('The body must be JSON as it is, without compression.');
}

/** @throws UnsupportedMediaTypeError when it is no media type at all */
function charsetOf(contentType: string): string | null {
  try {
    return new MIMEType(contentType).params.get('charset');
  } catch (error) {
    throw new UnsupportedMediaTypeError(undefined, error);
  }
}

/** Stops at the limit, so that what is too long is refused at once and not after its end. */
async function readBytes(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // The connection has to live on for the answer, so the stream is not destroyed.
  const arriving: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of arriving) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAXIMUM_BODY_BYTES) throw new BodyTooLargeError();
      chunks.push(chunk);
    }
  } catch (error) {
    // What else is thrown here is a body that was cut off: nobody is left to be told.
    throw error instanceof BodyTooLargeError ? error : new MalformedRequestError(error);
  }
  return Buffer.concat(chunks);
}

/** @throws MalformedRequestError, InvalidInputError */
function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = orMalformed(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  requireShallowJson(text);
  const value = orMalformed((): unknown => JSON.parse(text));
  requireCleanJson(value);
  return value;
}

/** Replacing what is not UTF-8 would keep something that nobody has sent. @throws MalformedRequestError */
function orMalformed<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new MalformedRequestError(error, 'The body could not be read: it must be JSON in UTF-8.');
  }
}
