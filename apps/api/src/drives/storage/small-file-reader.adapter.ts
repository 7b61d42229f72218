import { Worker } from 'node:worker_threads';

import { threadProgram } from '../../platform/threads/thread-program';
import type { SmallFile, SmallFilesAnswer, SmallFilesRequest } from './small-files';

/** A thread that nobody has asked for so long is ended. */
const IDLE_MS = 10_000;

interface Waiting {
  readonly count: number;
  readonly resolve: (files: readonly (SmallFile | null)[]) => void;
}

/**
 * Asks a thread that reads small files, which runs while there is something to read. One for each drive: a disk that
 * hangs, hangs its own.
 */
export class SmallFileReader {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private lastId = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** Whether the thread runs already: what it would cost to start it is paid. */
  get isRunning(): boolean {
    return this.worker !== null;
  }

  /**
   * Reads files one behind the other into a room.
   * @returns one for each of them; null for what is to be opened, since it is not small, or not there, or no file
   */
  async read(
    files: SmallFilesRequest['files'],
    room: SharedArrayBuffer,
  ): Promise<readonly (SmallFile | null)[]> {
    const worker = (this.worker ??= this.start());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, { count: files.length, resolve });
      worker.ref();
      worker.postMessage({ id, files, room } satisfies SmallFilesRequest);
    });
  }

  private start(): Worker {
    if (this.idle !== null) clearTimeout(this.idle);
    const worker = new Worker(threadProgram('small-files-worker'));
    worker.on('message', (answer: SmallFilesAnswer) => this.hear(worker, answer));
    // It has no code that throws; without memory it ends, and the files are read without it.
    worker.on('error', () => undefined);
    worker.once('exit', () => this.lose(worker));
    return worker;
  }

  private hear(worker: Worker, { id, files }: SmallFilesAnswer): void {
    this.waiting.get(id)?.resolve(files);
    this.waiting.delete(id);
    if (this.waiting.size > 0) return;
    worker.unref();
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (this.waiting.size === 0) void worker.terminate();
    }, IDLE_MS).unref();
  }

  private lose(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const { count, resolve } of this.waiting.values())
      resolve(Array.from({ length: count }, () => null));
    this.waiting.clear();
  }
}
