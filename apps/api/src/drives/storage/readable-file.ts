import type { FileAttributes, StoredFile } from './drive-storage';
import { closeFileDescriptor, readFileDescriptor, statFileDescriptor } from './file-descriptor';

/** A file whose bytes can be read until it is closed. */
export interface ReadableBytes extends StoredFile {
  /** Fills `buffer` from `position` on, as far as the file goes. Resolves to how many bytes were read. */
  read(buffer: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A file that is open for reading: what it was when it was opened, whatever becomes of its name. */
export class ReadableFile implements ReadableBytes {
  readonly size: number;
  readonly modifiedAt: Date;
  readonly inode: bigint | null;
  readonly birthNs: bigint | null;

  private isClosed = false;

  constructor(
    private readonly descriptor: number,
    { size, modifiedAt, inode, birthNs }: StoredFile,
    private readonly mode: number,
  ) {
    this.size = size;
    this.modifiedAt = modifiedAt;
    this.inode = inode;
    this.birthNs = birthNs;
  }

  /** What a copy of it is given. */
  get attributes(): FileAttributes {
    return { mode: this.mode, modifiedAt: this.modifiedAt };
  }

  /** By which the system opens it once more, wherever its name is by now; null where it has no such paths. */
  get path(): string | null {
    return process.platform === 'linux' ? `/proc/self/fd/${this.descriptor}` : null;
  }

  async read(buffer: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await readFileDescriptor(
        this.descriptor,
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

  /** Whether it is still what it was when it was opened, as far as its size and its time tell. */
  async isUnchanged(): Promise<boolean> {
    const { size, mtime } = await statFileDescriptor(this.descriptor, { bigint: true });
    return Number(size) === this.size && mtime.getTime() === this.modifiedAt.getTime();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    // The system gives the number to another file at once.
    this.isClosed = true;
    await closeFileDescriptor(this.descriptor);
  }
}
