import type { MessagePort } from 'node:worker_threads';

import type { Client } from 'pg';

import { errorCode } from '../../platform/filesystem/error-code';
import { ChangeLog } from './change-log.repository';
import { DriveIndex, ELSEWHERE } from './drive-index';
import { FileHasher } from './file-hasher.adapter';
import { IndexLock } from './index-lock.repository';
import {
  CANCELLED,
  type FromWorker,
  type IndexRequest,
  type IndexResult,
  type ToWorker,
} from './index-protocol';
import { IndexStore } from './index-store.repository';
import type { IndexStores } from './index-writer';
import { MissingStore } from './missing-store.repository';

/** What is asked for first is done first: somebody waits for a list, a browser shows what has changed. */
const ORDER: Record<IndexRequest['kind'], number> = { list: 0, look: 1, scan: 2, hash: 3 };
const PROGRESS_EVERY_MS = 250;

interface Task {
  readonly id: number;
  readonly request: IndexRequest;
}

class CancelledError extends Error {
  readonly code = CANCELLED;
}

/** Takes requests one after the other; what is urgent is done in the middle of what is not. */
export class IndexThread {
  private readonly tasks: Task[] = [];
  private readonly cancelled = new Set<number>();
  private readonly ours = new Set<string>();
  private readonly stores: IndexStores;
  private readonly lock: IndexLock;
  private readonly hasher: FileHasher;
  private wake: (() => void) | null = null;
  private isStopping = false;

  constructor(
    private readonly client: Client,
    private readonly port: MessagePort,
  ) {
    this.stores = {
      store: new IndexStore(client),
      missing: new MissingStore(client),
      log: new ChangeLog(client),
    };
    this.lock = new IndexLock(client);
    this.hasher = new FileHasher(client, this.stores);
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    this.port.on('message', (message: ToWorker) => this.take(message));
    this.tell({ type: 'ready' });
    while (!this.isStopping) {
      const task = this.next(Infinity);
      if (task === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
      else await this.do(task);
    }
    await this.client.end();
    this.port.close();
  }

  private take(message: ToWorker): void {
    switch (message.type) {
      case 'request':
        this.tasks.push(message);
        break;
      case 'cancel':
        this.cancelled.add(message.id);
        break;
      case 'release':
        this.ours.delete(message.driveId);
        void this.lock.release(message.driveId).catch(() => undefined);
        break;
      case 'stop':
        this.isStopping = true;
    }
    this.wake?.();
    this.wake = null;
  }

  /** The most urgent task that is more so than another. */
  private next(than: number): Task | undefined {
    let best: Task | undefined;
    for (const task of this.tasks) {
      const order = ORDER[task.request.kind];
      if (order < than && (best === undefined || order < ORDER[best.request.kind])) best = task;
    }
    if (best !== undefined) this.tasks.splice(this.tasks.indexOf(best), 1);
    return best;
  }

  private async do({ id, request }: Task): Promise<void> {
    try {
      const result = await this.answer(id, request);
      this.tell({ type: 'written' });
      this.tell({ type: 'done', id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.tell({ type: 'failed', id, code: errorCode(error), message });
    } finally {
      this.cancelled.delete(id);
    }
  }

  private async answer(id: number, request: IndexRequest): Promise<IndexResult> {
    if (!(await this.isOurs(request.drive.driveId))) return ELSEWHERE;
    let toldAt = performance.now();
    const turn = async (seenCount: number, names: readonly string[]) => {
      if (this.isStopping || this.cancelled.has(id)) throw new CancelledError();
      for (
        let task = this.next(ORDER[request.kind]);
        task !== undefined;
        task = this.next(ORDER[request.kind])
      )
        await this.do(task);
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      this.tell({ type: 'written' });
      this.tell({ type: 'progress', id, seenCount, names });
    };
    if (request.kind === 'hash') return this.hasher.hashSome(request.drive, turn);
    const isWanted = () =>
      this.isStopping ||
      this.cancelled.has(id) ||
      this.tasks.some((task) => ORDER[task.request.kind] < ORDER[request.kind]);
    const index = new DriveIndex(request.drive, this.stores, { isWanted, turn });
    switch (request.kind) {
      case 'scan':
        return index.scan(request);
      case 'look':
        return index.look(request);
      case 'list':
        return index.list(request);
    }
  }

  private async isOurs(driveId: string): Promise<boolean> {
    if (this.ours.has(driveId)) return true;
    if (!(await this.lock.claim(driveId))) return false;
    this.ours.add(driveId);
    return true;
  }

  private tell(message: FromWorker): void {
    this.port.postMessage(message);
  }
}
