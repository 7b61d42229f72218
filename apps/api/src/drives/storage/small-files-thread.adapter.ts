import { Worker } from 'node:worker_threads';

import { threadProgram } from '../../platform/threads/thread-program';
import type {
  NameWork,
  ReadWork,
  Refusal,
  SmallFilesAnswer,
  SmallFilesRequest,
  SmallFilesResults,
  SmallFilesWork,
  WriteWork,
} from './small-files';

/** A thread that nobody has asked for so long is ended. */
const IDLE_MS = 10_000;

/** What was written or named may be there or not, as with a disk that fails. */
const LOST: Refusal = { code: 'EIO', message: 'The thread that writes small files has ended.' };

type Resolve = (results: Partial<SmallFilesResults>) => void;

/**
 * Asks a thread that works on small files, which runs while there is something to do. Each drive has one that reads and
 * one that writes: a disk that hangs, hangs its own.
 */
export class SmallFilesThread {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private lastId = 0;
  private readonly waiting = new Map<number, Resolve>();

  /** Whether the thread runs already: what it would cost to start it is paid. */
  get isRunning(): boolean {
    return this.worker !== null;
  }

  /**
   * Reads files one behind the other into a room.
   * @returns one for each of them; null for what is to be opened, since it is not small, or not there, or no file
   */
  async read(
    files: ReadWork['files'],
    room: SharedArrayBuffer,
  ): Promise<SmallFilesResults['read']> {
    const { read } = await this.ask({ kind: 'read', files, room });
    return read ?? files.map(() => null);
  }

  /** Makes new files of what lies in a room, and has them on the disk. */
  async write(
    files: WriteWork['files'],
    room: SharedArrayBuffer,
  ): Promise<SmallFilesResults['write']> {
    const { write } = await this.ask({ kind: 'write', files, room });
    return write ?? files.map(() => ({ refusal: LOST }));
  }

  /** Gives files other names. @returns for which of them it is done; the others are to be tried each by itself */
  async name(
    files: NameWork['files'],
    folder: NameWork['folder'],
  ): Promise<SmallFilesResults['name']> {
    const { name } = await this.ask({ kind: 'name', files, folder });
    return name ?? files.map(() => ({ refusal: LOST }));
  }

  /** @returns nothing when the thread comes to its end meanwhile */
  private ask(work: SmallFilesWork): Promise<Partial<SmallFilesResults>> {
    const worker = (this.worker ??= this.start());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.ref();
      worker.postMessage({ id, work } satisfies SmallFilesRequest);
    });
  }

  private start(): Worker {
    if (this.idle !== null) clearTimeout(this.idle);
    const worker = new Worker(threadProgram('small-files-worker'));
    worker.on('message', (answer: SmallFilesAnswer) => this.hear(worker, answer));
    // It has no code that throws. Without memory it ends: what was to be read is opened, what was to be written failed.
    worker.on('error', () => undefined);
    worker.once('exit', () => this.lose(worker));
    return worker;
  }

  private hear(worker: Worker, { id, results }: SmallFilesAnswer): void {
    this.waiting.get(id)?.(results);
    this.waiting.delete(id);
    if (this.waiting.size > 0) return;
    worker.unref();
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = setTimeout(() => this.end(worker), IDLE_MS).unref();
  }

  /** From now on another one is asked. */
  private end(worker: Worker): void {
    if (this.worker !== worker || this.waiting.size > 0) return;
    this.worker = null;
    void worker.terminate();
  }

  private lose(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const resolve of this.waiting.values()) resolve({});
    this.waiting.clear();
  }
}
