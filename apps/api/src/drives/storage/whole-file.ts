import type { ReadableBytes } from './readable-file';

/** A small file that was read whole, and lies in memory until it is closed. */
export class WholeFile implements ReadableBytes {
  readonly size: number;
  /** Neither was looked up. */
  readonly inode = null;
  readonly birthNs = null;

  private isClosed = false;

  /** @param release gives the memory back */
  constructor(
    private readonly bytes: Buffer,
    readonly modifiedAt: Date,
    private readonly release: () => void,
  ) {
    this.size = bytes.length;
  }

  async read(buffer: Buffer, position: number): Promise<number> {
    return this.bytes.copy(buffer, 0, position);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.release();
  }
}
