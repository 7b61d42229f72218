import type { Writable } from 'node:stream';

import type { Request, Response } from 'express';

import { inviteBody } from '../../../platform/http/expect-continue';
import { announcedBytes } from './tus-headers';
import { UploadCutOffError } from './uploads.errors';

/** The body of a request, on its way to the disk. */
export class ArrivingPart {
  /** What is announced; null where the length is not told. */
  readonly announcedBytes: number | null;

  constructor(
    private readonly request: Request,
    private readonly response: Response,
  ) {
    this.announcedBytes = announcedBytes(request.headers);
  }

  /**
   * Gives all that comes to the writer. Settles when the writer is closed.
   * @throws UploadCutOffError when the client went away, and what the writer failed with
   */
  async pourInto(writer: Writable): Promise<void> {
    const { request, response } = this;
    const cutOff = () => writer.destroy(new UploadCutOffError());
    const closed = new Promise<void>((resolve, reject) => {
      let failure: Error | null = null;
      writer.once('error', (error) => (failure = error));
      writer.once('close', () => (failure === null ? resolve() : reject(failure)));
    });
    request.once('aborted', cutOff);
    try {
      inviteBody(request, response);
      request.pipe(writer);
      if (request.destroyed && !request.complete) cutOff();
      await closed;
    } finally {
      request.off('aborted', cutOff);
      request.unpipe(writer);
    }
  }
}
