import { close, fchmod, fchown, fstat, fsync, open, read, write } from 'node:fs';
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
export const giveFileDescriptor = promisify(fchown);
export const changeModeOfFileDescriptor = promisify(fchmod);
