import { BEGINNING_BYTES, type DriveStorage } from '../../../drives';
import { hashContent } from '../../entries/content-hash';

const READ_BYTES = 1024 * 1024;

/** The first bytes of a staged file, by which its type is told. @throws ContentMissingError, DriveOfflineError */
export async function readBeginning(storage: DriveStorage, stagedName: string): Promise<Buffer> {
  const file = await storage.openStaged(stagedName);
  try {
    const buffer = Buffer.alloc(Math.min(BEGINNING_BYTES, file.size));
    return buffer.subarray(0, await file.read(buffer, 0));
  } finally {
    await file.close();
  }
}

/** The SHA-256 of all of it. @throws ContentMissingError, DriveOfflineError */
export async function hashStaged(storage: DriveStorage, stagedName: string): Promise<Buffer> {
  const file = await storage.openStaged(stagedName);
  try {
    return await hashContent(file, READ_BYTES);
  } finally {
    await file.close();
  }
}
