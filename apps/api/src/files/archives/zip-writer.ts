import type { ReadableFile } from '../../drives';
import type { BufferedAnswer } from '../downloads/buffered-answer';
import type { FilledRoom } from './small-rooms';
import { centralHeader, dataDescriptor, endOfArchive, localHeader } from './zip-records';

const SLAB_BYTES = 64 * 1024;
const FOUR_GIB = 0xffffffff;

/** What an entry of the archive is called, with `/` between the parts, and when it was changed last. */
export interface ZipName {
  readonly path: string;
  readonly modifiedAt: Date;
}

/**
 * Writes an archive as it is sent. In memory it keeps only its directory, which ends the archive: some 120 bytes an
 * entry, in pieces that are filled one after the other.
 */
export class ZipWriter {
  private readonly slabs: Buffer[] = [];
  private slabUsed = SLAB_BYTES;
  private offset = 0;
  private count = 0;

  constructor(
    private readonly answer: BufferedAnswer,
    private readonly crc32: (bytes: Buffer, before?: number) => number,
  ) {}

  async addFolder({ path, modifiedAt }: ZipName): Promise<void> {
    await this.addBytes({ path: `${path}/`, modifiedAt }, Buffer.alloc(0));
  }

  /** A file that is known whole: programs that read the archive as it comes know its size beforehand. */
  async addBytes(
    { path, modifiedAt }: ZipName,
    bytes: Buffer,
    release: () => void = () => undefined,
  ): Promise<void> {
    const offset = this.offset;
    const known = { crc: this.crc32(bytes), size: bytes.length };
    const head = { name: Buffer.from(path), modifiedAt, isLarge: false };
    await this.append(localHeader({ ...head, known }));
    await this.answer.pass(bytes, release);
    this.offset += bytes.length;
    this.note(centralHeader({ ...head, ...known, areSizesBehind: false, offset }));
  }

  /**
   * Files that were read together: each gets its head into the gap before it, of `localHeaderLength`, and all are sent
   * as they lie.
   * @param paths one for each file of the room; what was not read is left out
   */
  async addRoom(paths: readonly string[], { bytes, files, release }: FilledRoom): Promise<void> {
    let end = 0;
    for (const [index, path] of paths.entries()) {
      const file = files[index] ?? null;
      if (file === null) continue;
      const { start, size, crc32: crc, modifiedAt } = file;
      const head = { name: Buffer.from(path), modifiedAt, isLarge: false };
      const header = localHeader({ ...head, known: { crc, size } });
      header.copy(bytes, end);
      const offset = this.offset + end;
      this.note(centralHeader({ ...head, crc, size, areSizesBehind: false, offset }));
      end = start + size;
    }
    this.offset += end;
    await this.answer.pass(bytes.subarray(0, end), release);
  }

  /**
   * A file as it is read.
   * @returns false when it ended before its size, or could not be read further: what was read is in the archive
   */
  async addFile({ path, modifiedAt }: ZipName, file: ReadableFile): Promise<boolean> {
    const offset = this.offset;
    const head = { name: Buffer.from(path), modifiedAt, isLarge: file.size >= FOUR_GIB };
    await this.append(localHeader({ ...head, known: null }));
    let crc = 0;
    let size = 0;
    const isWhole = await this.copy(file, (bytes) => {
      crc = this.crc32(bytes, crc);
      size += bytes.length;
    });
    this.offset += size;
    await this.append(dataDescriptor(crc, size, head.isLarge));
    this.note(centralHeader({ ...head, crc, size, areSizesBehind: true, offset }));
    return isWhole;
  }

  /** Writes the directory. */
  async finish(): Promise<void> {
    const directoryAt = this.offset;
    for (const [index, slab] of this.slabs.entries()) {
      const isLast = index === this.slabs.length - 1;
      await this.append(isLast ? slab.subarray(0, this.slabUsed) : slab);
    }
    const length = this.offset - directoryAt;
    await this.append(endOfArchive(this.count, length, directoryAt));
  }

  private async copy(file: ReadableFile, onBytes: (bytes: Buffer) => void): Promise<boolean> {
    try {
      return await this.answer.appendFile(file, { start: 0, end: file.size }, onBytes);
    } catch {
      return false; // the disk cannot read on: whoever asked is told
    }
  }

  private async append(bytes: Buffer): Promise<void> {
    await this.answer.append(bytes);
    this.offset += bytes.length;
  }

  private note(record: Buffer): void {
    this.count += 1;
    for (let noted = 0; noted < record.length;) {
      if (this.slabUsed === SLAB_BYTES) {
        this.slabs.push(Buffer.allocUnsafeSlow(SLAB_BYTES));
        this.slabUsed = 0;
      }
      const slab = this.slabs.at(-1);
      if (slab === undefined) return;
      const count = record.copy(slab, this.slabUsed, noted);
      this.slabUsed += count;
      noted += count;
    }
  }
}
