import type { ServerResponse } from 'node:http';

import type { ReadableBytes } from '../../drives';
import type { ByteRange } from './byte-range';

const BUFFER_BYTES = 1024 * 1024;
/**
 * How much of a buffer is filled while others are sent, too: what was read is then still in the caches of the processor
 * when it is sent. Four at a time are a tenth faster by it; one alone is a tenth slower.
 */
const SHARED_BYTES = 512 * 1024;
const KEPT_BUFFERS = 16;
/** Fewer are copied: a write of their own costs more. */
const PASSED_BYTES = 64 * 1024;

/** Buffers are used again: making one for each read costs more than reading. */
const spareBuffers: Buffer[] = [];
let answersUnderWay = 0;

/**
 * The body of an answer, gathered in two buffers: while one is on its way to the client the other is filled, and it is
 * used again when its write is done. So memory stays at two buffers an answer, and a slow reader slows the disk.
 */
export class BufferedAnswer {
  private readonly buffers: readonly [Buffer, Buffer] = [takeBuffer(), takeBuffer()];
  private readonly writes: [Promise<unknown>, Promise<unknown>] = [
    Promise.resolve(),
    Promise.resolve(),
  ];
  private passing: Promise<void> = Promise.resolve();
  private turn: 0 | 1 = 0;
  private used = 0;
  private hasLeft = false;
  /** Who waits for a write to be done. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly response: ServerResponse) {
    answersUnderWay += 1;
    this.hasLeft = response.destroyed;
    response.once('close', () => {
      this.hasLeft = true;
      // A response that never got its connection does not call back.
      for (const resolve of this.waiting) resolve();
    });
  }

  /** Whether the client is gone: nothing that is still sent arrives. */
  get isLeft(): boolean {
    return this.hasLeft;
  }

  /** Room for the next bytes, at least one; what is put there counts when `fill` is told. */
  async room(): Promise<Buffer> {
    const limit = answersUnderWay > 1 ? SHARED_BYTES : BUFFER_BYTES;
    if (this.used >= limit) this.flush();
    await this.writes[this.turn];
    return this.buffers[this.turn].subarray(this.used, limit);
  }

  fill(count: number): void {
    this.used += count;
  }

  async append(bytes: Buffer): Promise<void> {
    for (let sent = 0; sent < bytes.length && !this.hasLeft;) {
      const room = await this.room();
      const count = bytes.copy(room, 0, sent);
      this.fill(count);
      sent += count;
    }
  }

  /**
   * Sends bytes as they lie, or gathers them where they are few: `release` is called when they are on their way, or
   * copied. At most two of them wait.
   */
  async pass(bytes: Buffer, release: () => void): Promise<void> {
    if (bytes.length < PASSED_BYTES) {
      await this.append(bytes);
      release();
      return;
    }
    this.flush();
    const before = this.passing;
    this.passing = this.write(bytes).then(release);
    await before;
  }

  /**
   * Appends a part of a file, as far as the client stays.
   * @param onBytes sees what was read, before it is sent
   * @returns false when the file ends before the part does
   */
  async appendFile(
    file: ReadableBytes,
    { start, end }: ByteRange,
    onBytes: (bytes: Buffer) => void = () => undefined,
  ): Promise<boolean> {
    for (let position = start; position < end && !this.hasLeft;) {
      const room = await this.room();
      const bytes = room.subarray(0, end - position);
      const count = await file.read(bytes, position);
      if (count === 0) return false;
      onBytes(bytes.subarray(0, count));
      this.fill(count);
      position += count;
    }
    return true;
  }

  /** Sends what is gathered. */
  flush(): void {
    if (this.used === 0) return;
    this.writes[this.turn] = this.write(this.buffers[this.turn].subarray(0, this.used));
    this.turn = this.turn === 0 ? 1 : 0;
    this.used = 0;
  }

  /** Sends the rest and ends the answer. Resolves when all is handed over, or the client is gone. */
  async end(): Promise<void> {
    this.flush();
    await Promise.all([...this.writes, this.passing]);
    if (!this.hasLeft) this.response.end();
  }

  /** To be called at last, whatever happened: what is on its way is waited for, and the buffers serve others. */
  async release(): Promise<void> {
    await Promise.all([...this.writes, this.passing]);
    answersUnderWay -= 1;
    for (const buffer of this.buffers)
      if (spareBuffers.length < KEPT_BUFFERS) spareBuffers.push(buffer);
  }

  /** Resolves when the buffer is free again, or the client is gone. */
  private write(bytes: Buffer): Promise<void> {
    if (this.hasLeft) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      this.response.write(bytes, () => {
        this.waiting.delete(resolve);
        resolve();
      });
    });
  }
}

function takeBuffer(): Buffer {
  return spareBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
}
