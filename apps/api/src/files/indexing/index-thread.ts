import type { MessagePort } from 'node:worker_threads';

import type { Client } from 'pg';

import { errorCode } from '../../platform/filesystem/error-code';
import { FileVerifier } from '../integrity/file-verifier';
import { VerificationStore } from '../integrity/verification-store.repository';
import { ChangeLog } from './change-log.repository';
import { DriveIndex, ELSEWHERE } from './drive-index';
import { DriveRoot } from './drive-root.adapter';
import { keptNotifications } from './folder-watch.adapter';
import { FollowedDrive } from './followed-drive';
import { FileHasher } from './file-hasher.adapter';
import { FileReading } from './file-reading.adapter';
import { IndexLock } from './index-lock.repository';
import {
  CANCELLED,
  type FromWorker,
  type HashRequest,
  type IndexedDrive,
  type IndexRequest,
  type IndexResult,
  type ToWorker,
  type VerifyRequest,
} from './index-protocol';
import { IndexStore } from './index-store.repository';
import type { IndexStores } from './index-writer';
import { MissingStore } from './missing-store.repository';
import { NotificationFlood } from './notification-flood';
import type { WalkHooks } from './walk-rules';

/** What is asked for first is done first: somebody waits for a list, a browser shows what has changed. */
const ORDER: Record<IndexRequest['kind'], number> = {
  list: 0,
  look: 1,
  scan: 2,
  hash: 3,
  verify: 4,
};
/** Of the time, what reading files to their end may take: people who use the disk come first. */
const READING_SHARE = 0.25;
const PROGRESS_EVERY_MS = 250;
/** Of a task that the thread has given itself. */
const UNASKED = 0;

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
  private readonly followed = new Map<string, FollowedDrive>();
  private readonly roots = new Map<string, DriveRoot>();
  private readonly stores: IndexStores;
  private readonly lock: IndexLock;
  private readonly hasher: FileHasher;
  private readonly verifier: FileVerifier;
  private readonly flood = new NotificationFlood(keptNotifications(), () => {
    for (const driveId of this.followed.keys()) this.tell({ type: 'overflow', driveId });
  });
  /** What comes before all tasks, and one after the other: the connection does one thing at a time. */
  private readonly duties: (() => Promise<void>)[] = [];
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
    const reading = new FileReading(READING_SHARE);
    this.hasher = new FileHasher(client, this.stores, reading);
    this.verifier = new FileVerifier(new VerificationStore(client), this.stores, reading);
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    this.port.on('message', (message: ToWorker) => this.take(message));
    this.tell({ type: 'ready' });
    while (!this.isStopping) {
      await this.doDuties();
      // It may have been told to while it did them: nobody would wake it again.
      if (this.isStopping) break;
      const task = this.next(Infinity);
      if (task === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
      else await this.do(task);
    }
    for (const driveId of [...this.followed.keys()]) await this.release(driveId);
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
      case 'follow':
        this.duties.push(() => this.follow(message.drive));
        break;
      case 'check':
        void this.followed.get(message.driveId)?.check();
        break;
      case 'release':
        this.duties.push(() => this.release(message.driveId));
        break;
      case 'stop':
        this.isStopping = true;
    }
    this.wakeUp();
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = null;
  }

  private async doDuties(): Promise<void> {
    for (let duty = this.duties.shift(); duty !== undefined; duty = this.duties.shift())
      await duty();
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
      this.tell({ type: 'written', driveId: request.drive.driveId, kind: request.kind });
      if (id !== UNASKED) this.tell({ type: 'done', id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (id === UNASKED) this.lookAfter(request);
      else this.tell({ type: 'failed', id, code: errorCode(error), message });
    } finally {
      this.cancelled.delete(id);
    }
  }

  /** A look that failed, for the disk or the database was away, is made up for by a look through all. */
  private lookAfter({ drive }: IndexRequest): void {
    if (this.isStopping) return;
    // Its disk may be another one by then, or the same one mounted again: the watches on what was there are dead.
    this.followed.get(drive.driveId)?.watch.close();
    this.tell({ type: 'overflow', driveId: drive.driveId });
  }

  private async answer(id: number, request: IndexRequest): Promise<IndexResult> {
    if (!(await this.isOurs(request.drive.driveId))) return ELSEWHERE;
    // Whether this is the drive has just been looked at: a disk that is only read may have come back as another device.
    if (request.kind === 'scan') this.roots.delete(request.drive.driveId);
    const root = this.rootOf(request.drive);
    const turns = this.turnsOf(id, request);
    if (request.kind === 'hash') return this.hasher.hashSome(request.drive, root, turns.turn);
    if (request.kind === 'verify')
      return this.verifier.verifySome(request.drive, root, request.wish, turns.turn);
    const followed = this.followed.get(request.drive.driveId);
    const index = new DriveIndex(request.drive, root, this.stores, {
      watch: followed?.watch ?? null,
      ...turns,
    });
    const result = await this.bringTogether(index, request);
    followed?.lookAgain(result.busy);
    // So much at once is asked about, by a look through all.
    if (result.isDoubtful) this.tell({ type: 'overflow', driveId: request.drive.driveId });
    return result;
  }

  private async bringTogether(
    index: DriveIndex,
    request: Exclude<IndexRequest, HashRequest | VerifyRequest>,
  ): Promise<IndexResult> {
    switch (request.kind) {
      case 'scan':
        return index.scan(request);
      case 'look':
        return index.look(request);
      case 'list':
        return index.list(request);
    }
  }

  /** What is done in the middle of a task: others that are more urgent, and telling how far it is. */
  private turnsOf(id: number, request: IndexRequest): Omit<WalkHooks, 'watch'> {
    let toldAt = performance.now();
    const turn = async (seenCount: number, names: readonly string[]) => {
      if (this.isStopping || this.cancelled.has(id)) throw new CancelledError();
      await this.doDuties();
      for (
        let task = this.next(ORDER[request.kind]);
        task !== undefined;
        task = this.next(ORDER[request.kind])
      )
        await this.do(task);
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      this.tell({ type: 'written', driveId: request.drive.driveId, kind: request.kind });
      this.tell({ type: 'progress', id, seenCount, names });
    };
    const isWanted = () =>
      this.isStopping ||
      this.duties.length > 0 ||
      this.cancelled.has(id) ||
      this.tasks.some((task) => ORDER[task.request.kind] < ORDER[request.kind]);
    return { isWanted, turn };
  }

  /** Listens to what changes on a drive, and has it looked at when it has settled for a moment. */
  private async follow(drive: IndexedDrive): Promise<void> {
    if (!(await this.isOurs(drive.driveId))) return;
    const known = this.followed.get(drive.driveId);
    if (known !== undefined) {
      known.drive = drive;
      return;
    }
    this.followed.set(
      drive.driveId,
      new FollowedDrive(drive, this.rootOf(drive), {
        onNotification: () => this.flood.add(),
        look: (request) => {
          this.tasks.push({ id: UNASKED, request });
          this.wakeUp();
        },
        tell: (message) => this.tell(message),
      }),
    );
  }

  private async release(driveId: string): Promise<void> {
    this.followed.get(driveId)?.close();
    this.followed.delete(driveId);
    this.roots.delete(driveId);
    if (this.ours.delete(driveId)) await this.lock.release(driveId);
  }

  private rootOf(drive: IndexedDrive): DriveRoot {
    const root = this.roots.get(drive.driveId) ?? new DriveRoot(drive);
    this.roots.set(drive.driveId, root);
    return root;
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
