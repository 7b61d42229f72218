import contentDisposition from 'content-disposition';
import type { Request, Response } from 'express';

import type { Actor } from '../../platform/access/actor';
import { DomainError } from '../../platform/http/domain-error';
import { type ByteRange, requestedRanges } from './byte-range';
import type { Download, DownloadsService, OpenDownload } from './downloads.service';
import { sendPieces, sendRange } from './file-sender';
import { contentRange, multipartBody } from './multipart-ranges';
import { allowsRange, type ConditionalHeaders, evaluatePreconditions } from './preconditions';

const UNKNOWN_TYPE = 'application/octet-stream';

/** What a stored file may do when a browser shows it: nothing. */
const INERT_POLICY = [
  "default-src 'none'",
  "img-src 'self' data:",
  "media-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
/**
 * A sound or a film that a browser shows by itself is fetched in parts by the page that the browser makes for it. In a
 * sandbox that page is of no origin, and gets none: it plays from the beginning, and cannot seek.
 */
const PLAYED = /^(?:audio|video)\//;

/** The scope that a download needs, whichever way it is asked for. */
export const DOWNLOAD_ACCESS = 'files:read';

/** What is asked for by the address of a download. */
export interface AskedDownload {
  readonly id: string;
  readonly isInline: boolean;
}

/** Answers a download for somebody who was let in. @throws what `DownloadsService.prepare` and `answerDownload` throw */
export async function sendDownload(
  response: Response,
  downloads: DownloadsService,
  actor: Actor,
  { id, isInline }: AskedDownload,
): Promise<void> {
  const wish = { isInline, isForOneState: isForOneState(response.req) };
  const download = await downloads.prepare(actor, id, wish);
  try {
    await answerDownload(response, download, isInline);
  } finally {
    await download.file?.close();
  }
}

/** Answers with what the request asks for of a file, or has the proxy send it. */
export async function answerDownload(
  response: Response,
  download: Download,
  isInline: boolean,
): Promise<void> {
  setHeaders(response, download, isInline);
  const { req: request } = response;
  const outcome = evaluatePreconditions(conditionsOf(request), download);
  if (outcome === 'failed') {
    throw new DomainError(
      'http.precondition_failed',
      412,
      'The file is not, or no longer, the one that you asked for.',
    );
  }
  if (outcome === 'not_modified') response.status(304).end();
  else if (download.file === null) {
    // nginx answers by itself from here on, ranges and all.
    response.setHeader('X-Accel-Redirect', download.address);
    response.end();
  } else await answerParts(request, response, download);
}

/** What names a state of the file that the answer is to be of. */
export function isForOneState({ headers }: Request): boolean {
  return headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined;
}

function setHeaders(
  response: Response,
  { entry, etag, lastModified }: Download,
  isInline: boolean,
): void {
  response.setHeader('ETag', etag);
  response.setHeader('Last-Modified', lastModified.toUTCString());
  response.setHeader('Accept-Ranges', 'bytes');
  // no-transform: what was stored is what is sent, uncompressed.
  response.setHeader('Cache-Control', 'private, no-cache, no-transform');
  response.setHeader('Content-Type', entry.contentType ?? UNKNOWN_TYPE);
  response.setHeader('Content-Security-Policy', policyOf(entry.contentType ?? UNKNOWN_TYPE));
  response.setHeader(
    'Content-Disposition',
    dispositionOf(entry.filename, isInline ? 'inline' : 'attachment'),
  );
}

function policyOf(contentType: string): string {
  return PLAYED.test(contentType) ? INERT_POLICY : `sandbox; ${INERT_POLICY}`;
}

/** RFC 6266. */
export function dispositionOf(filename: string, type: 'inline' | 'attachment'): string {
  return contentDisposition(filename, { type, fallback: asciiName(filename) });
}

/** For programs that do not know `filename*`: RFC 6266, appendix D, warns of anything but ASCII here. */
function asciiName(filename: string): string {
  return filename.replace(/[^\x20-\x7e]/gu, '_');
}

async function answerParts(
  request: Request,
  response: Response,
  download: OpenDownload,
): Promise<void> {
  const { file, size, entry } = download;
  // RFC 9110, section 14.2: a range is a matter of GET alone.
  const isRangeAllowed = request.method === 'GET' && allowsRange(request.get('if-range'), download);
  const ranges = isRangeAllowed ? requestedRanges(request.headers.range, size) : null;
  if (ranges === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${size}`);
    throw new DomainError(
      'http.range_unsatisfiable',
      416,
      `The file has ${size} bytes; the range lies outside of them.`,
    );
  }
  if (ranges === null || ranges.length === 1) {
    const [range = { start: 0, end: size }] = ranges ?? [];
    if (ranges !== null) response.status(206).setHeader('Content-Range', contentRange(range, size));
    await answerPart(response, download, range);
    return;
  }
  const body = multipartBody(ranges, { contentType: entry.contentType ?? UNKNOWN_TYPE, size });
  response.status(206).setHeader('Content-Type', body.contentType);
  response.setHeader('Content-Length', String(body.length));
  await sendPieces(file, body.pieces, response);
}

async function answerPart(
  response: Response,
  { file }: OpenDownload,
  range: ByteRange,
): Promise<void> {
  response.setHeader('Content-Length', String(range.end - range.start));
  if (response.req.method === 'HEAD') response.end();
  else await sendRange(file, range, response);
}

function conditionsOf({ headers }: Request): ConditionalHeaders {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}
