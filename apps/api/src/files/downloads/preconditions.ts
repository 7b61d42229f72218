import { parseHttpDate } from './http-date';

/** What a request asks of the state of a file. */
export interface ConditionalHeaders {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** What tells one state of a file from another. `etag` is strong. */
export interface Validators {
  readonly etag: string;
  readonly lastModified: Date;
}

/** RFC 9110, section 13.2.2, in its order. */
export function evaluatePreconditions(
  headers: ConditionalHeaders,
  file: Validators,
): 'send' | 'not_modified' | 'failed' {
  if (headers.ifMatch !== undefined) {
    if (!matchesAny(headers.ifMatch, file.etag, false)) return 'failed';
  } else if (isChangedSince(headers.ifUnmodifiedSince, file.lastModified) === true) {
    return 'failed';
  }
  if (headers.ifNoneMatch !== undefined) {
    return matchesAny(headers.ifNoneMatch, file.etag, true) ? 'not_modified' : 'send';
  }
  return isChangedSince(headers.ifModifiedSince, file.lastModified) === false
    ? 'not_modified'
    : 'send';
}

/** Whether a range is still one of the file that the caller has seen: RFC 9110, section 13.1.5. */
export function allowsRange(ifRange: string | undefined, file: Validators): boolean {
  if (ifRange === undefined) return true;
  const value = ifRange.trim();
  if (value.startsWith('"') || value.startsWith('W/')) return value === file.etag;
  return parseHttpDate(value)?.getTime() === wholeSeconds(file.lastModified);
}

function matchesAny(header: string, etag: string, isWeak: boolean): boolean {
  if (header.trim() === '*') return true;
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (isWeak ? tag.replace(/^W\//, '') : tag) === etag);
}

/** null where the header is absent or no date, and so is to be ignored. */
function isChangedSince(header: string | undefined, lastModified: Date): boolean | null {
  const date = parseHttpDate(header ?? '');
  return date === null ? null : wholeSeconds(lastModified) > date.getTime();
}

/** HTTP dates have no fractions. */
function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
