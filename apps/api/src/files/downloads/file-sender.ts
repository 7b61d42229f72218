import type { ServerResponse } from 'node:http';

import type { ReadableFile } from '../../drives';
import type { ByteRange } from './byte-range';

const BUFFER_BYTES = 1024 * 1024;
const KEPT_BUFFERS = 16;

/** Buffers are used again: making one for each read costs more than reading. */
const spareBuffers: Buffer[] = [];

/**
 * Sends a part of a file: while one buffer is on its way to the client the next is filled, and a buffer
 * is used again when its write is done. So memory stays at two buffers a download, and a slow reader
 * slows the disk. Resolves when all is handed over, or the client is gone.
 */
export async function sendRange(
  file: ReadableFile,
  { start, end }: ByteRange,
  response: ServerResponse,
): Promise<void> {
  const buffers = [takeBuffer(end - start), takeBuffer(end - start)];
  const writes = [Promise.resolve(true), Promise.resolve(true)];
  try {
    let position = start;
    for (let turn = 0; position < end; turn = 1 - turn) {
      const buffer = buffers[turn];
      if (buffer === undefined || !(await writes[turn])) return;
      const count = await file.read(buffer.subarray(0, end - position), position);
      if (count === 0) {
        // The file became shorter while it was sent: the client must not take this for all of it.
        response.destroy();
        return;
      }
      position += count;
      writes[turn] = write(response, buffer.subarray(0, count));
    }
    const areSent = await Promise.all(writes);
    if (areSent.every(Boolean)) response.end();
  } finally {
    await Promise.all(writes);
    for (const buffer of buffers) giveBack(buffer);
  }
}

/** Resolves when the buffer is free again: to false when the client is gone. */
function write(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = () => resolve(false);
    // A response that never got its connection does not call back.
    response.once('close', leave);
    response.write(bytes, (error) => {
      response.off('close', leave);
      resolve(!error);
    });
  });
}

function takeBuffer(wantedBytes: number): Buffer {
  if (wantedBytes < BUFFER_BYTES) return Buffer.allocUnsafe(wantedBytes);
  return spareBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
}

function giveBack(buffer: Buffer): void {
  if (buffer.length === BUFFER_BYTES && spareBuffers.length < KEPT_BUFFERS)
    spareBuffers.push(buffer);
}
