import { createHash } from 'node:crypto';

import type { ReadableFile } from '../../drives';

/**
 * The SHA-256 of all of a file.
 * @param readBytes how much of it is in memory at a time
 */
export async function hashContent(file: ReadableFile, readBytes: number): Promise<Buffer> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readBytes);
  for (let position = 0; ;) {
    const count = await file.read(buffer, position);
    if (count === 0) return hash.digest();
    hash.update(buffer.subarray(0, count));
    position += count;
  }
}
