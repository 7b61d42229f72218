import { closeSync, fstatSync, futimesSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * Changes one byte of a file as a failing disk does: neither its size nor its time tell. In one turn, so that
 * whoever is told of it by the system finds it done.
 */
export function damage(place: string, position = 0): void {
  const descriptor = openSync(place, 'r+');
  try {
    const { mtimeNs } = fstatSync(descriptor, { bigint: true });
    // In the middle of the millisecond, which is all that is kept of it: a number has no nanoseconds.
    const seconds = (Number(mtimeNs / 1_000_000n) + 0.5) / 1000;
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, position);
    writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, position);
    futimesSync(descriptor, seconds, seconds);
  } finally {
    closeSync(descriptor);
  }
}
