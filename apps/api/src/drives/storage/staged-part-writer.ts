import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

import { GatheredWrites } from './gathered-writes';

/** Bytes that may wait in memory while the disk is busy. */
const BUFFER_BYTES = 1024 * 1024;
/** What is acknowledged while the rest still arrives: what a crash costs at most, in bytes and in time. */
const SYNC_EVERY_BYTES = 64 * 1024 * 1024;
const SYNC_EVERY_MS = 3000;

type Done = (error?: Error | null) => void;

/** Where a part of a file begins, and what goes along with it. */
export interface PartStart {
  /** In bytes: what is on the disk already. */
  readonly position: number;
  /** The size of the whole file: more is refused. */
  readonly limit: number;
  /** They are fed with every byte of the part. */
  readonly hashes: readonly Hash[];
  /** Awaited before the file is changed; when it fails it is not, and the part ends with its error. */
  readonly beforeWrite: () => Promise<void>;
  /** Told now and then how far the bytes are on the disk. When it fails the part ends with its error. */
  readonly onSynced: (position: number) => Promise<void>;
}

/** More bytes have come than the whole file was to have. */
export class PartTooLongError extends Error {}

/**
 * Writes one part of a file that is staged in several. When it is closed, whether it came to its end or was
 * cut off, all bytes that had come are on the disk up to `syncedPosition`; what a failed write left beyond is cut off.
 */
export class StagedPartWriter extends Writable {
  private readonly writes: GatheredWrites;
  /** Bytes of the file that have come. */
  private position: number;
  private synced: number;
  private isFolderSynced: boolean;
  private appending: Promise<void> | null = null;
  private syncing: Promise<void> | null = null;
  private settling: Promise<void> | null = null;
  private failure: Error | null = null;
  private activeAt = performance.now();
  private syncedAt = performance.now();

  constructor(
    private readonly handle: FileHandle,
    private readonly syncFolder: () => Promise<void>,
    private readonly translate: (error: unknown) => Error,
    private readonly start: PartStart,
  ) {
    super({ highWaterMark: BUFFER_BYTES, decodeStrings: true });
    this.writes = new GatheredWrites(handle, start.position);
    this.position = start.position;
    this.synced = start.position;
    // Bytes were acknowledged before: their name is on the disk.
    this.isFolderSynced = start.position > 0;
  }

  /** How far the bytes are on the disk. */
  get syncedPosition(): number {
    return this.synced;
  }

  /** Whether the hashes have seen exactly the bytes that are on the disk. Once it is closed. */
  get isHashed(): boolean {
    return this.failure === null && this.position === this.synced;
  }

  /** For how long nothing has come, in milliseconds; 0 while it is the disk that is waited for. */
  get idleMs(): number {
    const isBusy = this.appending !== null || this.settling !== null;
    return isBusy ? 0 : performance.now() - this.activeAt;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.take([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.take(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    this.settle().then(
      () => done(),
      (error: unknown) => done(this.fail(error)),
    );
  }

  override _destroy(error: Error | null, done: Done): void {
    this.conclude(error)
      .then(() => this.handle.close())
      .then(
        () => done(error),
        (closeError: unknown) => done(error ?? this.translate(closeError)),
      );
  }

  private take(chunks: Buffer[], done: Done): void {
    const appending = this.append(chunks);
    this.appending = appending;
    const over = () => {
      this.appending = null;
      this.activeAt = performance.now();
    };
    appending.then(
      () => {
        over();
        done();
      },
      (error: unknown) => {
        over();
        done(this.fail(error));
      },
    );
  }

  private async append(chunks: Buffer[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    await this.start.beforeWrite();
    const count = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.position + count > this.start.limit) throw new PartTooLongError();
    for (const chunk of chunks) for (const hash of this.start.hashes) hash.update(chunk);
    this.position += count;
    await this.writes.add(chunks);
    if (this.isSyncDue()) await this.beginSync();
  }

  private isSyncDue(): boolean {
    if (this.writes.writtenPosition - this.synced >= SYNC_EVERY_BYTES) return true;
    return this.syncing === null && performance.now() - this.syncedAt >= SYNC_EVERY_MS;
  }

  private async beginSync(): Promise<void> {
    await this.syncing;
    await this.writes.flush();
    if (this.failure !== null) throw this.failure;
    this.syncing = this.sync()
      .catch((error: unknown) => void this.fail(error)) // told by the next step
      .finally(() => (this.syncing = null));
  }

  /** A failed sync is never tried again: the system may have dropped the pages that it could not write. */
  private async sync(): Promise<void> {
    const { writtenPosition } = this.writes;
    await this.handle.datasync();
    if (!this.isFolderSynced) await this.syncFolder();
    this.isFolderSynced = true;
    this.synced = writtenPosition;
    this.syncedAt = performance.now();
    await this.start.onSynced(writtenPosition);
  }

  /** Everything that has come is on the disk. */
  private settle(): Promise<void> {
    this.settling ??= this.syncRest();
    return this.settling;
  }

  private async syncRest(): Promise<void> {
    await this.syncing;
    if (this.failure !== null) throw this.failure;
    await this.start.beforeWrite();
    await this.writes.flush();
    if (this.writes.writtenPosition === this.synced) return;
    await this.handle.datasync();
    if (!this.isFolderSynced) await this.syncFolder();
    this.synced = this.writes.writtenPosition;
  }

  private async conclude(error: Error | null): Promise<void> {
    await this.appending?.catch(() => undefined); // told to whoever writes
    await this.syncing;
    // What was to be kept of a part that was cut off, and cannot, is not.
    if (error !== null) await this.settle().catch((failure: unknown) => void this.fail(failure));
    if (this.failure === null) return;
    // On a full disk this makes room. What stays is cut off by the next part; where that may have begun, nothing is.
    await this.start
      .beforeWrite()
      .then(() => this.handle.truncate(this.synced))
      .catch(() => undefined);
  }

  private fail(error: unknown): Error {
    this.failure ??= this.translate(error);
    return this.failure;
  }
}
