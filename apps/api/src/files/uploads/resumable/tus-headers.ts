import type { IncomingHttpHeaders } from 'node:http';

import {
  type Conflict,
  conflictSchema,
  type UploadMetadata,
  uploadMetadataSchema,
} from '@homeserver/dto';

import { InvalidInputError } from '../../../platform/http/domain-error';
import { UnsupportedMediaTypeError } from '../../../platform/http/http.errors';
import { toProblemErrors } from '../../../platform/http/input-validation.pipe';
import { ChecksumUnsupportedError, TusVersionError, UploadTooLargeError } from './uploads.errors';

export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS = [
  'creation',
  'creation-with-upload',
  'termination',
  'expiration',
  'checksum',
];
/** Sizes are whole numbers of JSON. The room on the drive is the limit. */
export const TUS_MAXIMUM_BYTES = Number.MAX_SAFE_INTEGER;
/** SHA-1 is the one that the protocol asks for. All of them find damage on the way, and none is to prove anything more. */
export const CHECKSUM_ALGORITHMS = ['sha1', 'sha256', 'sha512', 'md5'];
export const PART_TYPE = 'application/offset+octet-stream';
const CONFLICT_HEADER = 'homeserver-conflict';
const METADATA = '#/header/upload-metadata';

/** What the bytes of a request are to be. */
export interface Checksum {
  readonly algorithm: string;
  readonly digest: Buffer;
}

/** What a creation says. */
export interface Creation {
  readonly length: number;
  /** Upload-Metadata as it came. */
  readonly rawMetadata: string;
  readonly metadata: UploadMetadata;
}

/** @throws TusVersionError (412) */
export function requireTusVersion(headers: IncomingHttpHeaders): void {
  if (headers['tus-resumable'] !== TUS_VERSION) throw new TusVersionError(TUS_VERSION);
}

/** @throws UnsupportedMediaTypeError (415) */
export function requirePartType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (type !== PART_TYPE || encoding !== 'identity')
    throw new UnsupportedMediaTypeError(`The bytes of an upload are sent as ${PART_TYPE}.`);
}

/** @throws InvalidInputError (422), UploadTooLargeError (413) */
export function readCreation(headers: IncomingHttpHeaders): Creation {
  if (headers['upload-defer-length'] !== undefined)
    throw invalid('upload-defer-length', 'The length must be known: send Upload-Length.');
  if (headers['upload-concat'] !== undefined)
    throw invalid('upload-concat', 'Uploads are not put together from others here.');
  const length = readWholeNumber(headers, 'upload-length');
  if (length > TUS_MAXIMUM_BYTES) throw new UploadTooLargeError();
  const rawMetadata = textOf(headers, 'upload-metadata') ?? '';
  const result = uploadMetadataSchema.safeParse(readPairs(rawMetadata));
  if (!result.success) throw new InvalidInputError(toProblemErrors(METADATA, result.error.issues));
  return { length, rawMetadata, metadata: result.data };
}

/** @throws InvalidInputError (422) */
export function readOffset(headers: IncomingHttpHeaders): number {
  return readWholeNumber(headers, 'upload-offset');
}

/** @returns null where there is none. @throws ChecksumUnsupportedError (400), InvalidInputError (422) */
export function readChecksum(headers: IncomingHttpHeaders): Checksum | null {
  const text = textOf(headers, 'upload-checksum');
  if (text === undefined) return null;
  const [algorithm = '', encoded = '', ...more] = text.trim().split(' ');
  if (!CHECKSUM_ALGORITHMS.includes(algorithm))
    throw new ChecksumUnsupportedError(CHECKSUM_ALGORITHMS);
  const digest = fromBase64(encoded);
  if (digest === null || digest.length === 0 || more.length > 0)
    throw invalid('upload-checksum', 'A checksum is its algorithm, a space, and itself in base64.');
  return { algorithm, digest };
}

/**
 * What becomes of a name that is taken by now, in place of what the creation said; null where it stays at that.
 * @throws InvalidInputError (422)
 */
export function readConflict(headers: IncomingHttpHeaders): Conflict | null {
  const text = textOf(headers, CONFLICT_HEADER);
  if (text === undefined) return null;
  const result = conflictSchema.safeParse(text);
  if (!result.success) throw invalid(CONFLICT_HEADER, 'It is rename, version or fail.');
  return result.data;
}

/** Content-Length; null where it is not told. */
export function announcedBytes(headers: IncomingHttpHeaders): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  return Number(headers['content-length'] ?? 0);
}

/**
 * The pairs of Upload-Metadata: keys with values in base64 of UTF-8, separated by commas.
 * @throws InvalidInputError (422)
 */
export function readPairs(text: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const pair of text.trim() === '' ? [] : text.split(',')) {
    const [key = '', encoded = '', ...more] = pair.trim().split(' ');
    if (!/^[\x21-\x7e]+$/.test(key) || more.length > 0)
      throw invalid('upload-metadata', 'Each pair is a key of ASCII, a space, and a value.');
    if (values.has(key))
      throw new InvalidInputError([pointAt(key, 'Each key may stand there once.')]);
    const value = fromBase64(encoded);
    const decoded = value === null ? null : fromUtf8(value);
    if (decoded === null)
      throw new InvalidInputError([pointAt(key, 'A value must be UTF-8, in base64.')]);
    values.set(key, decoded);
  }
  return Object.fromEntries(values);
}

function readWholeNumber(headers: IncomingHttpHeaders, name: string): number {
  const text = textOf(headers, name);
  if (text === undefined || !/^\d{1,30}$/.test(text))
    throw invalid(name, 'This header must be there, and a whole number in decimal digits.');
  return Number(text);
}

/** Node joins what comes twice, by a comma: no number and no checksum is valid then. */
function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function fromUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // it is not UTF-8
  }
}

function invalid(header: string, detail: string): InvalidInputError {
  return new InvalidInputError([{ pointer: `#/header/${header}`, detail }]);
}

function pointAt(key: string, detail: string) {
  return { pointer: `${METADATA}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail };
}
