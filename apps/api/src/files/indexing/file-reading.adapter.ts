import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { DriveRoot } from './drive-root.adapter';
import type { WalkHooks } from './walk-rules';

/** What the system says of a file that is gone, and of one that it does not let us read. */
export const GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'];
export const FORBIDDEN = ['EACCES', 'EPERM'];

const READ_BYTES = 1024 * 1024;
const HEAD_BYTES = 4100;
/** A pause for each stretch of work, never so short that timers cost more. */
const STRETCH_MS = 5;
const NS_IN_MS = 1_000_000n;

/** A file as the index has it. */
export interface KnownFile {
  /** Inside the drive. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** null where it tells nothing. */
  readonly inode: bigint | null;
}

/** What a file was found to be. */
export interface FileContent {
  readonly sha256: Buffer;
  /** Its first bytes. */
  readonly head: Buffer;
}

/** Reads files to their end, in one thread with others: every few milliseconds these have a turn. */
export class FileReading {
  private readonly buffer = Buffer.allocUnsafeSlow(READ_BYTES);

  /** @param busyShare of the time, what reading and hashing may take: people who use the disk come first */
  constructor(private readonly busyShare: number) {}

  /**
   * null when the file is not, or not any more, the one that the index knows.
   * @throws NotThisDriveError, the system's errors, and what `turn` throws
   */
  async read(
    root: DriveRoot,
    file: KnownFile,
    turn: WalkHooks['turn'],
  ): Promise<FileContent | null> {
    const descriptor = openFile(root, file.path);
    try {
      if (!isAsKnown(descriptor, file)) return null;
      const hash = createHash('sha256');
      let head = Buffer.alloc(0);
      let busyMs = 0;
      for (;;) {
        const began = performance.now();
        const count = readSync(descriptor, this.buffer, 0, READ_BYTES, null);
        const bytes = this.buffer.subarray(0, count);
        if (head.length === 0) head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
        hash.update(bytes);
        busyMs += performance.now() - began;
        if (count === 0) break;
        if (busyMs < STRETCH_MS) continue;
        if (this.busyShare < 1) await delay((busyMs * (1 - this.busyShare)) / this.busyShare);
        busyMs = 0;
        await turn(0, []);
      }
      return isAsKnown(descriptor, file) ? { sha256: hash.digest(), head } : null;
    } finally {
      closeSync(descriptor);
    }
  }
}

function openFile(root: DriveRoot, path: string): number {
  const names = path.split('/');
  const name = names.pop() ?? '';
  const folder = root.openFolder(names);
  try {
    return folder.openFile(name);
  } finally {
    folder.close();
  }
}

function isAsKnown(descriptor: number, { size, modifiedMs, inode }: KnownFile): boolean {
  const stats = fstatSync(descriptor, { bigint: true });
  return (
    stats.isFile() &&
    Number(stats.size) === size &&
    Number(stats.mtimeNs / NS_IN_MS) === modifiedMs &&
    (inode === null || stats.ino === inode)
  );
}
