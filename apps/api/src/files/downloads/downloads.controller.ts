import { downloadQuerySchema, idSchema } from '@homeserver/dto';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import contentDisposition from 'content-disposition';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DomainError } from '../../platform/http/domain-error';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { requestedRange } from './byte-range';
import { type Download, DownloadsService } from './downloads.service';
import { sendRange } from './file-sender';
import { allowsRange, type ConditionalHeaders, evaluatePreconditions } from './preconditions';

/** What a stored file may do when a browser shows it: nothing. */
const INERT_POLICY = [
  'sandbox',
  "default-src 'none'",
  "img-src 'self' data:",
  "media-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

@ApiTags('Files')
@Controller('api/v1/files')
export class DownloadsController {
  constructor(private readonly downloads: DownloadsService) {}

  @GetEndpoint(':id/download', {
    summary: 'The bytes of a file',
    description:
      'HEAD answers the same without the bytes. Ranges, ETag and conditional requests are those of RFC 9110.',
    access: 'files:read',
    response: null,
    produces: 'application/octet-stream',
    otherResponses: {
      206: 'The part that `Range` asks for',
      304: 'Not changed since `If-None-Match` or `If-Modified-Since`',
    },
    problems: {
      403: ['drives.forbidden'],
      404: ['files.not_found', 'files.content_missing'],
      409: ['files.is_link'],
      412: ['http.precondition_failed'],
      416: ['http.range_unsatisfiable'],
      503: ['drives.offline'],
    },
  })
  @ApiHeader({ name: 'Range', description: 'Such as bytes=0-1023', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async downloadFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: downloadQuerySchema }) { inline }: { inline?: '0' | '1' | undefined },
    @Res() response: Response,
  ): Promise<void> {
    const { req: request } = response;
    const download = await this.downloads.open(actor, id);
    try {
      setHeaders(response, download, inline === '1');
      await answer(request, response, download);
    } finally {
      await download.file.close();
    }
  }
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
  response.setHeader('Content-Type', entry.contentType ?? 'application/octet-stream');
  response.setHeader('Content-Security-Policy', INERT_POLICY);
  response.setHeader(
    'Content-Disposition',
    contentDisposition(entry.filename, {
      type: isInline ? 'inline' : 'attachment',
      fallback: asciiName(entry.filename),
    }),
  );
}

/** For programs that do not know `filename*`: RFC 6266, appendix D, warns of anything but ASCII here. */
function asciiName(filename: string): string {
  return filename.replace(/[^\x20-\x7e]/gu, '_');
}

async function answer(request: Request, response: Response, download: Download): Promise<void> {
  const { size } = download.file;
  const outcome = evaluatePreconditions(conditionsOf(request), download);
  if (outcome === 'failed') {
    throw new DomainError(
      'http.precondition_failed',
      412,
      'The file is not, or no longer, the one that you asked for.',
    );
  }
  if (outcome === 'not_modified') {
    response.status(304).end();
    return;
  }
  const isRangeAllowed = allowsRange(request.get('if-range'), download);
  const range = isRangeAllowed ? requestedRange(request.headers.range, size) : null;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${size}`);
    throw new DomainError(
      'http.range_unsatisfiable',
      416,
      `The file has ${size} bytes; the range lies outside of them.`,
    );
  }
  if (range !== null) {
    response
      .status(206)
      .setHeader('Content-Range', `bytes ${range.start}-${range.end - 1}/${size}`);
  }
  const { start, end } = range ?? { start: 0, end: size };
  response.setHeader('Content-Length', String(end - start));
  if (request.method === 'HEAD') response.end();
  else await sendRange(download.file, { start, end }, response);
}

function conditionsOf({ headers }: Request): ConditionalHeaders {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}
