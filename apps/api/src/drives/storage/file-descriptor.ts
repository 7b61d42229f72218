import { close, fchmod, fchown, fstat, fsync, futimes, open, read, write } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Files by the numbers that the system gives them. A FileHandle, which closes itself when it is forgotten, is a
 * burden for the garbage collector: a sixth of what a small download costs. Whoever opens one of these closes it.
 */
export const openFileDescriptor = promisify(open);
export const statFileDescriptor = promisify(fstat);
export const readFileDescriptor = promisify(read);
export const writeFileDescriptor = promisify(write);
export const syncFileDescriptor = promisify(fsync);
export const closeFileDescriptor = promisify(close);

const changeOwner = promisify(fchown);
const changeMode = promisify(fchmod);
const changeTimes = promisify(futimes);

/** What a file can be given, by the methods of a FileHandle. */
export type GivableFile = Pick<FileHandle, 'chown' | 'chmod' | 'utimes'>;

/** The same by the number of a file. */
export function givableFile(descriptor: number): GivableFile {
  return {
    chown: (uid, gid) => changeOwner(descriptor, uid, gid),
    chmod: (mode) => changeMode(descriptor, mode),
    utimes: (accessed, modified) => changeTimes(descriptor, accessed, modified),
  };
}
