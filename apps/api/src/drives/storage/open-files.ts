import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { ContentMissingError } from '../drives.errors';
import type { FileAttributes, StoredFile } from './drive-storage';
import { closeFileDescriptor, openFileDescriptor, statFileDescriptor } from './file-descriptor';
import type { Place } from './place';
import { ReadableFile } from './readable-file';
import { giveAttributes } from './staged-copy';
import { storedFile } from './stored-file';

/** @throws ContentMissingError when no regular file is there */
export async function openFile({ folder, name }: Place): Promise<ReadableFile> {
  // O_NONBLOCK: a pipe that somebody left there would else block us for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = await openUnlessSocket(folder.at(name), flags);
  try {
    const stats = await statFileDescriptor(descriptor, { bigint: true });
    if (!stats.isFile()) throw new ContentMissingError();
    return new ReadableFile(descriptor, storedFile(stats), Number(stats.mode));
  } catch (error) {
    await closeFileDescriptor(descriptor);
    throw error;
  }
}

/**
 * Opens a staged file to be gone on with. What a crash left beyond `position` was never acknowledged.
 * @throws ContentMissingError when less than that is there
 */
export async function openStagedPart(place: Place, position: number): Promise<FileHandle> {
  return withHandle(place, async (handle) => {
    const { size } = await handle.stat();
    if (size < position) throw new ContentMissingError();
    if (size > position) await handle.truncate(position);
    return handle;
  });
}

/** Gives a staged file what it is to have, and syncs it. */
export async function sealFile(
  place: Place,
  attributes: Partial<FileAttributes>,
): Promise<StoredFile> {
  const handle = await withHandle(place, async (opened) => opened);
  try {
    await giveAttributes(handle, attributes);
    await handle.sync();
    return storedFile(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** Closes what was opened where the work with it fails. */
async function withHandle(
  { folder, name }: Place,
  work: (handle: FileHandle) => Promise<FileHandle>,
): Promise<FileHandle> {
  const handle = await open(folder.at(name), constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    return await work(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openUnlessSocket(place: string | Buffer, flags: number): Promise<number> {
  try {
    return await openFileDescriptor(place, flags, null);
  } catch (error) {
    // Of a socket, which cannot be opened; of a disk it would mean that it is gone.
    if (errorCode(error) === 'ENXIO') throw new ContentMissingError();
    throw error;
  }
}
