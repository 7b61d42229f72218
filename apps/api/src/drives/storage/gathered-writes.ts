import type { FileHandle } from 'node:fs/promises';

import { notePassedBytes } from '../../platform/memory/passing-bytes';

/** What is written at a time: handing a write to another thread and back costs as much as 64 KiB do. */
const WRITE_BYTES = 512 * 1024;
/** And how many pieces at most: a client that sends byte by byte must not have us keep an object for each. */
const WRITE_PIECES = 64;

/** Writes pieces to a file in their order, many at a time, without copying them together. */
export class GatheredWrites {
  private gathered: Buffer[] = [];
  private gatheredBytes = 0;

  /** @param position where the next byte is written */
  constructor(
    private readonly handle: FileHandle,
    private position = 0,
  ) {}

  /** Where the bytes end that were handed to the system. */
  get writtenPosition(): number {
    return this.position;
  }

  async add(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.gathered.push(piece);
      this.gatheredBytes += piece.length;
    }
    if (this.gatheredBytes >= WRITE_BYTES || this.gathered.length >= WRITE_PIECES)
      await this.flush();
  }

  /** Writes what was kept back. */
  async flush(): Promise<void> {
    let rest = this.gathered;
    let place = this.position;
    while (rest.length > 0) {
      const { bytesWritten } = await this.handle.writev(rest, place);
      place += bytesWritten;
      rest = dropBytes(rest, bytesWritten);
    }
    this.position += this.gatheredBytes;
    notePassedBytes(this.gatheredBytes);
    this.gathered = [];
    this.gatheredBytes = 0;
  }
}

/** What remains of `pieces` after a write that took `count` bytes of them. */
function dropBytes(pieces: Buffer[], count: number): Buffer[] {
  let left = count;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
