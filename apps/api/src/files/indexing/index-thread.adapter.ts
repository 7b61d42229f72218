import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';

import { DATABASE_URL } from '../../platform/database/database-url';
import { LOGGER } from '../../platform/logging/logging.module';
import type {
  FromWorker,
  IndexedDrive,
  IndexRequest,
  IndexResult,
  ToWorker,
  Watching,
} from './index-protocol';

/** Where the program of the thread lies, beside this one when it is built. */
export const INDEX_PROGRAM = Symbol('INDEX_PROGRAM');

/** The thread, or its connection to the database, has ended: what it was asked for is to be asked again. */
export class IndexThreadLostError extends Error {
  readonly code = 'THREAD_LOST';
}

/** A request failed. The code is the system's, the database's, or CANCELLED. */
export class IndexRequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  readonly resolve: (result: IndexResult) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (seenCount: number, names: readonly string[]) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** What the thread says by itself. */
export interface IndexListener {
  /** Something was written: the event log and the totals have news. */
  onWritten(driveId: string, kind: IndexRequest['kind']): void;
  onWatching(driveId: string, watching: Watching): void;
  /** Changes may have been missed: the drive has to be looked through. */
  onOverflow(driveId: string): void;
  /** The thread has ended: what it followed is followed no more. */
  onLost(): void;
}

/** What can be wished of a request beside its answer. */
export interface RequestOptions {
  readonly onProgress?: (seenCount: number, names: readonly string[]) => void;
  readonly signal?: AbortSignal;
}

/** Asks the thread of the index, and starts it when it is needed. */
@Injectable()
export class IndexThreadAdapter implements OnApplicationShutdown {
  private thread: Thread | null = null;
  private lastId = 0;
  private isStopped = false;
  private listener: IndexListener | null = null;

  constructor(
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
    @Inject(INDEX_PROGRAM) private readonly program: URL,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Who hears what the thread says by itself. */
  listen(listener: IndexListener): void {
    this.listener = listener;
  }

  /** Listens to the changes of a drive from now on. */
  follow(drive: IndexedDrive): void {
    if (this.isStopped) return;
    post((this.thread ??= this.start()).worker, { type: 'follow', drive });
  }

  /** Wants to be told how changes of a drive are noticed. */
  check(driveId: string): void {
    if (this.thread !== null) post(this.thread.worker, { type: 'check', driveId });
  }

  /** @throws IndexRequestError, IndexThreadLostError */
  async ask(
    request: IndexRequest,
    { onProgress = () => undefined, signal }: RequestOptions = {},
  ): Promise<IndexResult> {
    if (this.isStopped) throw new IndexThreadLostError('The server stops.');
    const thread = (this.thread ??= this.start());
    const id = (this.lastId += 1);
    const cancel = () => post(thread.worker, { type: 'cancel', id });
    signal?.addEventListener('abort', cancel);
    try {
      return await new Promise<IndexResult>((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject, onProgress });
        post(thread.worker, { type: 'request', id, request });
        if (signal?.aborted === true) cancel();
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      thread.waiting.delete(id);
    }
  }

  /** This process no longer looks after a drive. */
  release(driveId: string): void {
    if (this.thread !== null) post(this.thread.worker, { type: 'release', driveId });
  }

  /** What is under way ends at its next turn; what was written stays. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    const { thread } = this;
    if (thread === null) return;
    const ended = once(thread.worker, 'exit');
    post(thread.worker, { type: 'stop' });
    await ended;
  }

  private start(): Thread {
    const worker = new Worker(this.program, { workerData: { databaseUrl: this.databaseUrl } });
    const thread: Thread = { worker, waiting: new Map() };
    worker.on('message', (message: FromWorker) => this.take(thread, message));
    worker.on('error', (error) => this.logger.warn({ err: error }, 'The index is interrupted.'));
    worker.on('exit', () => {
      if (this.thread === thread) this.thread = null;
      for (const { reject } of thread.waiting.values())
        reject(new IndexThreadLostError('The thread of the index has ended.'));
      if (!this.isStopped) this.listener?.onLost();
    });
    return thread;
  }

  private take({ waiting }: Thread, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'written':
        return this.listener?.onWritten(message.driveId, message.kind);
      case 'watching':
        return this.listener?.onWatching(message.driveId, message.watching);
      case 'overflow':
        return this.listener?.onOverflow(message.driveId);
      case 'progress':
        return waiting.get(message.id)?.onProgress(message.seenCount, message.names);
      case 'done':
        return waiting.get(message.id)?.resolve(message.result);
      case 'failed':
        return waiting
          .get(message.id)
          ?.reject(new IndexRequestError(message.code, message.message));
    }
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
