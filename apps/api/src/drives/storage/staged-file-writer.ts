import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

import { BEGINNING_BYTES, type FileAttributes, type StoredFile } from './drive-storage';
import { GatheredWrites } from './gathered-writes';
import { giveAttributes } from './staged-copy';
import { storedFile } from './stored-file';

/** Bytes that may wait in memory while the disk is busy. */
const BUFFER_BYTES = 1024 * 1024;
/** Synced while the rest still arrives, so that the last sync is short. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024;

/** A file that is staged, and on the disk. */
export interface WrittenFile {
  readonly sha256: Buffer;
  readonly file: StoredFile;
}

type Done = (error?: Error | null) => void;

/**
 * Writes the bytes of an upload as they come, hashing on the way. When the stream has finished, they
 * are on the disk. A failed sync ends it and is never tried again: the system may have dropped the
 * pages that it could not write.
 */
export class StagedFileWriter extends Writable {
  private readonly hash = createHash('sha256');
  private readonly head = Buffer.allocUnsafe(BEGINNING_BYTES);
  /** Bytes that have come. */
  private position = 0;
  private readonly writes: GatheredWrites;
  private syncedPosition = 0;
  private syncing: Promise<void> | null = null;
  private result: WrittenFile | null = null;

  constructor(
    private readonly handle: FileHandle,
    private readonly translate: (error: unknown) => Error,
    private readonly attributes: Partial<FileAttributes> | null = null,
  ) {
    super({ highWaterMark: BUFFER_BYTES, decodeStrings: true });
    this.writes = new GatheredWrites(handle);
  }

  /** What was written. Only after `finish`. */
  get written(): WrittenFile {
    if (this.result === null) throw new Error('The staged file is not finished.');
    return this.result;
  }

  /** The first bytes, as far as they have come. */
  get beginning(): Buffer {
    return this.head.subarray(0, Math.min(this.position, BEGINNING_BYTES));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.append([chunk]).then(
      () => done(),
      (error: unknown) => done(this.translate(error)),
    );
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.append(chunks.map(({ chunk }) => chunk)).then(
      () => done(),
      (error: unknown) => done(this.translate(error)),
    );
  }

  override _final(done: Done): void {
    this.finish().then(
      () => done(),
      (error: unknown) => done(this.translate(error)),
    );
  }

  override _destroy(error: Error | null, done: Done): void {
    const settled = this.syncing ?? Promise.resolve();
    settled
      .catch(() => undefined) // told by the write that waits for it, or the stream is given up
      .then(() => this.handle.close())
      .then(
        () => done(error),
        (closeError: unknown) => done(error ?? this.translate(closeError)),
      );
  }

  private async append(chunks: Buffer[]): Promise<void> {
    this.keepHead(chunks);
    for (const chunk of chunks) {
      this.hash.update(chunk);
      this.position += chunk.length;
    }
    await this.writes.add(chunks);
    const { writtenPosition } = this.writes;
    if (writtenPosition - this.syncedPosition < SYNC_EVERY_BYTES) return;
    await this.syncing;
    this.syncedPosition = writtenPosition;
    this.syncing = this.handle.datasync();
    this.syncing.catch(() => undefined); // told by the next wait for it
  }

  private keepHead(chunks: Buffer[]): void {
    let filled = this.position;
    for (const chunk of chunks) {
      if (filled >= BEGINNING_BYTES) return;
      filled += chunk.copy(this.head, filled);
    }
  }

  private async finish(): Promise<void> {
    await this.writes.flush();
    await this.syncing;
    if (this.attributes !== null) await giveAttributes(this.handle, this.attributes);
    await this.handle.sync();
    const file = storedFile(await this.handle.stat({ bigint: true }));
    this.result = { sha256: this.hash.digest(), file };
  }
}
