import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { ArrivingPart } from './arriving-part';
import { UploadCutOffError } from './uploads.errors';

/** A request whose client has sent all of it, and is gone. */
function partOfGoneRequest(): ArrivingPart {
  const request = new IncomingMessage(new Socket());
  request.complete = true;
  request.destroy();
  return new ArrivingPart(request, new ServerResponse(request));
}

describe('a part whose client is gone after it has sent all of it', () => {
  it('should be cut off, and not be waited for, when it is poured', async () => {
    const writer = new PassThrough();

    await expect(partOfGoneRequest().pourInto(writer)).rejects.toThrow(UploadCutOffError);
    expect(writer.destroyed).toBe(true);
  });

  it('should be cut off when it is taken at once', async () => {
    await expect(partOfGoneRequest().takeSmall()).rejects.toThrow(UploadCutOffError);
  });
});
