import type { FileHandle } from 'node:fs/promises';

import type { StoredFile } from './drive-storage';

/** A file that is open for reading: what it was when it was opened, whatever becomes of its name. */
export class ReadableFile implements StoredFile {
  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
    readonly modifiedAt: Date,
    readonly inode: bigint | null,
  ) {}

  /** Fills `buffer` from `position` on, as far as the file goes. Resolves to how many bytes were read. */
  async read(buffer: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(
        buffer,
        filled,
        buffer.length - filled,
        position + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
