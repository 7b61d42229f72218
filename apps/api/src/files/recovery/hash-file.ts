import type { DriveStorage } from '../../drives';
import { hashContent } from '../entries/content-hash';

/** Recovery may read some hundred files at the same time. */
const READ_BYTES = 64 * 1024;

/** @returns the SHA-256 of a file of a drive, in lowercase hex. @throws ContentMissingError, DriveOfflineError */
export async function hashFile(storage: DriveStorage, path: string): Promise<string> {
  const file = await storage.open(path);
  try {
    return (await hashContent(file, READ_BYTES)).toString('hex');
  } finally {
    await file.close();
  }
}
