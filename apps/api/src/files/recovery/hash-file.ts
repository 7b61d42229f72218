import { createHash } from 'node:crypto';

import type { DriveStorage } from '../../drives';

/** Recovery may read some hundred files at the same time. */
const READ_BYTES = 64 * 1024;

/** @returns the SHA-256 of a file of a drive, in lowercase hex. @throws ContentMissingError */
export async function hashFile(storage: DriveStorage, path: string): Promise<string> {
  const file = await storage.open(path);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; ;) {
      const count = await file.read(buffer, position);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
      position += count;
    }
  } finally {
    await file.close();
  }
}
