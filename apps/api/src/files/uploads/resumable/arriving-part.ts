import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

import { SMALL_FILE_BYTES } from '../../../drives';
import { inviteBody } from '../../../platform/http/expect-continue';
import { announcedBytes } from './tus-headers';
import { readWhileSmall } from '../while-small';
import { UploadCutOffError, UploadTooLongError } from './uploads.errors';

/** The body of a request, on its way to the disk. */
export class ArrivingPart {
  /** What is announced; null where the length is not told. */
  readonly announcedBytes: number | null;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.announcedBytes = announcedBytes(request.headers);
  }

  /**
   * All that comes, where it is little.
   * @throws UploadCutOffError when the client went away; UploadTooLongError when it is more than is announced
   */
  async takeSmall(): Promise<Buffer> {
    const { request, response } = this;
    inviteBody(request, response);
    const pieces = await readWhileSmall(request, SMALL_FILE_BYTES).catch(() => {
      throw new UploadCutOffError();
    });
    if (pieces === null) throw new UploadTooLongError();
    return Buffer.concat(pieces);
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
      // Also one that came whole: of a request that is destroyed nothing more is heard.
      if (request.destroyed) cutOff();
      await closed;
    } finally {
      request.off('aborted', cutOff);
      request.unpipe(writer);
    }
  }
}
