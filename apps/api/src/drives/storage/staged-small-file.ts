import { hash } from 'node:crypto';

import { notePassedBytes } from '../../platform/memory/passing-bytes';
import {
  closeFileDescriptor,
  type GivableFile,
  givableFile,
  openFileDescriptor,
  statFileDescriptor,
  syncFileDescriptor,
  writeFileDescriptor,
} from './file-descriptor';
import type { Place } from './place';
import type { WrittenFile } from './staged-file-writer';
import { FILE_MODE, NEW_FILE_FLAGS, storedFile } from './stored-file';

/**
 * Makes a new file of bytes that are all there, and has it on the disk: without a stream and what belongs to one, which
 * cost a small file as much as the disk does.
 * @param give gives it what else it is to have, before it is synced
 * @throws the system's error; something may be there then
 */
export async function writeSmallFile(
  { folder, name }: Place,
  bytes: Buffer,
  give: (file: GivableFile) => Promise<void>,
): Promise<WrittenFile> {
  const descriptor = await openFileDescriptor(folder.at(name), NEW_FILE_FLAGS, FILE_MODE);
  try {
    // The system may take less than it is given.
    for (let from = 0; from < bytes.length;) {
      const count = bytes.length - from;
      const { bytesWritten } = await writeFileDescriptor(descriptor, bytes, from, count, from);
      from += bytesWritten;
    }
    await give(givableFile(descriptor));
    await syncFileDescriptor(descriptor);
    const file = storedFile(await statFileDescriptor(descriptor, { bigint: true }));
    notePassedBytes(file.size);
    return { sha256: hash('sha256', bytes, 'buffer'), file };
  } finally {
    await closeFileDescriptor(descriptor);
  }
}
