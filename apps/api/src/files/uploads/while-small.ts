import type { Readable } from 'node:stream';

/**
 * Reads a stream that may be short. A failure of it is heard from then on, so that it is told to whoever reads on.
 * @returns all that came; null when it is more than so many bytes: then the stream is paused, and nothing was taken of it
 * @throws what the stream fails with
 */
export function readWhileSmall(stream: Readable, mostBytes: number): Promise<Buffer[] | null> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const take = (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size <= mostBytes) return;
      // At once: a moment later the stream may have ended, and takes nothing back.
      stream.off('data', take).pause();
      stream.unshift(Buffer.concat(pieces));
      resolve(null);
    };
    const fail = () => reject(stream.errored ?? new Error('The stream was closed before its end.'));
    if (stream.destroyed) {
      fail(); // it says nothing any more
      return;
    }
    stream.on('error', reject).once('close', fail);
    stream.once('end', () => resolve(pieces)).on('data', take);
  });
}
