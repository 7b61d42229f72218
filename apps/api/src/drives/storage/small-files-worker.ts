import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

import { crc32 } from '@node-rs/crc32';

import type { SmallFile, SmallFilesAnswer, SmallFilesRequest } from './small-files';

/** As with openFile: no links, and no pipe that would block us. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The program of a thread that reads small files: it may block, so a file costs it four calls of the system and
 * nothing else, where each of them costs the main thread a way to another thread and back.
 */
parentPort?.on('message', ({ id, files: wanted, room }: SmallFilesRequest) => {
  const buffer = Buffer.from(room);
  let end = 0;
  const files = wanted.map(({ path, gap }) => {
    const file = readInto(buffer, end + gap, typeof path === 'string' ? path : Buffer.from(path));
    if (file !== null) end = file.start + file.size;
    return file;
  });
  parentPort?.postMessage({ id, files } satisfies SmallFilesAnswer);
});

/** @returns null for all that is not simply read: whoever asked opens that one, and learns why */
function readInto(buffer: Buffer, start: number, path: string | Buffer): SmallFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, FLAGS);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    const { size } = stats;
    if (!stats.isFile() || size > buffer.length - start) return null;
    const bytes = buffer.subarray(start, start + size);
    if (size > 0 && readSync(descriptor, bytes, 0, size, 0) !== size) return null;
    // Whole milliseconds, as everywhere: the date of Node.js is rounded up.
    const modifiedAt = new Date(Math.floor(stats.mtimeMs));
    return { start, size, crc32: crc32(bytes), modifiedAt };
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}
