import type { ServerResponse } from 'node:http';

import type { ReadableBytes } from '../../drives';
import { BufferedAnswer } from './buffered-answer';
import type { ByteRange } from './byte-range';

/** What is so small is read by one read, and sent with the headers by one write. */
const SMALL_BYTES = 256 * 1024;
const KEPT_BUFFERS = 32;

/** Used again: what is in buffers of their own keeps the garbage collector busy. */
const spareBuffers: Buffer[] = [];

/**
 * Sends parts of a file, and bytes between them. A file that became shorter meanwhile breaks the connection: the client
 * must not take what it has for all of it. Resolves when all is handed over, or the client is gone.
 */
export async function sendPieces(
  file: ReadableBytes,
  pieces: readonly (ByteRange | Buffer)[],
  response: ServerResponse,
): Promise<void> {
  const answer = new BufferedAnswer(response);
  try {
    for (const piece of pieces) {
      if (Buffer.isBuffer(piece)) await answer.append(piece);
      else if (!(await answer.appendFile(file, piece))) {
        response.destroy();
        return;
      }
    }
    await answer.end();
  } catch (error) {
    // After the headers nothing else can be said.
    if (response.headersSent) response.destroy();
    throw error;
  } finally {
    await answer.release();
  }
}

/** Sends one part of a file, as `sendPieces` does. */
export async function sendRange(
  file: ReadableBytes,
  range: ByteRange,
  response: ServerResponse,
): Promise<void> {
  const length = range.end - range.start;
  if (length > SMALL_BYTES) return sendPieces(file, [range], response);
  const buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
  const bytes = buffer.subarray(0, length);
  if (length > 0 && (await file.read(bytes, range.start)) < length) response.destroy();
  else
    response.end(bytes, (error?: Error | null) => {
      // Only what has surely left may be written over.
      if (!error && spareBuffers.length < KEPT_BUFFERS) spareBuffers.push(buffer);
    });
}
