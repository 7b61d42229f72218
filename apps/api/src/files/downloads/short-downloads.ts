import { Injectable } from '@nestjs/common';
import type { Request, Response, RequestHandler } from 'express';

import { RequestAdmission } from '../../platform/access/request-admission.service';
import { hasBody } from '../../platform/http/json-body';
import { sendProblem } from '../../platform/http/problem';
import { jsonCompression } from '../../platform/http/request-middleware';
import { type AskedDownload, DOWNLOAD_ACCESS, sendDownload } from './download-answer';
import { DownloadsService } from './downloads.service';

/** As every client of ours writes it; what is written in another way, or is no id, goes the long way. */
const PLAIN_ADDRESS =
  /^\/api\/v1\/files\/([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\/download(?:\?inline=([01]))?$/;

/**
 * The short way of a download: past the router, which looks through all routes, and past the layers of Nest, which
 * cost as much as all the rest of a small file. It stands behind the rules that hold for every request, lets in by
 * the same admission, and answers by the same code, as DownloadsController does. A page that shows a hundred
 * pictures asks a hundred times.
 */
@Injectable()
export class ShortDownloads {
  constructor(
    private readonly admission: RequestAdmission,
    private readonly downloads: DownloadsService,
  ) {}

  readonly answer: RequestHandler = (request, response, next) => {
    const asked = plainlyAsked(request);
    if (asked === null) next();
    else void this.send(request, response, asked);
  };

  private async send(request: Request, response: Response, asked: AskedDownload): Promise<void> {
    try {
      const actor = await this.admission.admit(request, response, DOWNLOAD_ACCESS);
      await sendDownload(response, this.downloads, actor, asked);
    } catch (error) {
      jsonCompression(request, response, () => sendProblem(request, response, error));
    }
  }
}

/** null: not by a plain request for a download. */
function plainlyAsked(request: Request): AskedDownload | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const [, id, inline] = PLAIN_ADDRESS.exec(request.url) ?? [];
  return id === undefined || hasBody(request) ? null : { id, isInline: inline === '1' };
}
