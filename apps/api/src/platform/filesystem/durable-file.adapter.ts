import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Makes a file, for this user alone, that is whole on the disk or absent, also after a power cut. */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameDurably(temporary, file);
}

/** Renames, and comes back when that is on the disk. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  const descriptor = openSync(path.dirname(to), 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
