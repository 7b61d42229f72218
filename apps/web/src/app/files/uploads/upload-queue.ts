import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Subject } from 'rxjs';

import { SessionEnd } from '../../core/session-end';
import { SessionStore } from '../../core/session-store';
import type { UploadTarget } from './upload-target';
import { type RunningUpload, type UploadResult, UploadTransport } from './upload-transport';
import { UploadBatch } from './upload-batch';
import { WaitingLine } from './waiting-line';

/** More at once would only make each slower; fewer leave the network idle between small files. */
const AT_ONCE = 3;
const WAITING_IN_SIGHT = 2;

export interface QueuedUpload {
  readonly file: File;
  readonly batch: UploadBatch;
}

export interface ActiveUpload extends QueuedUpload {
  readonly sentBytes: number;
}

export interface FailedUpload extends QueuedUpload {
  /** In words for a person. */
  readonly reason: string;
  readonly requestId: string | null;
}

/** A file that was stored under another name, since its own was taken. */
export interface RenamedUpload {
  readonly sentName: string;
  readonly storedName: string;
}

export interface Arrival {
  readonly batch: UploadBatch;
  readonly file: FileMetadata;
}

/** Files and bytes of all uploads since the queue was last empty, without failed and cancelled ones. */
export interface UploadTally {
  readonly doneCount: number;
  readonly totalCount: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

const NO_TALLY: UploadTally = { doneCount: 0, totalCount: 0, doneBytes: 0, totalBytes: 0 };

/**
 * The uploads of this tab, on whatever page it is. A few run at a time; what waits is a list of handles
 * to files, whose bytes are read only while they are sent.
 */
@Injectable({ providedIn: 'root' })
export class UploadQueue {
  readonly active = computed(() => this.running());
  readonly failed = computed(() => this.failures());
  readonly renamed = computed(() => this.renames());
  readonly tally = computed(() => this.counts());
  readonly waitingCount = computed(() => this.waitingState().count);
  /** The next ones, for the eye: never all of them. */
  readonly nextWaiting = computed(() => this.waitingState().next);
  readonly isBusy = computed(() => this.running().length > 0 || this.waitingCount() > 0);
  /** Whether files wait for the server to be there again. */
  readonly isHeld = computed(() => this.held() && this.waitingCount() > 0);
  readonly batches = computed(() => this.currentBatches());
  /** In bytes, of all that is counted in the tally. */
  readonly sentBytes = computed(
    () =>
      this.counts().doneBytes + this.running().reduce((sum, { sentBytes }) => sum + sentBytes, 0),
  );
  /** Each file as it is stored. */
  readonly arrivals = new Subject<Arrival>();

  private readonly running = signal<readonly ActiveUpload[]>([]);
  private readonly failures = signal<readonly FailedUpload[]>([]);
  private readonly renames = signal<readonly RenamedUpload[]>([]);
  private readonly counts = signal(NO_TALLY);
  private readonly held = signal(false);
  private readonly currentBatches = signal<readonly UploadBatch[]>([]);
  private readonly waitingState = signal<{ count: number; next: readonly QueuedUpload[] }>({
    count: 0,
    next: [],
  });

  private readonly transport = inject(UploadTransport);
  private readonly session = inject(SessionStore);
  private readonly sessionEnd = inject(SessionEnd);
  private readonly waiting = new WaitingLine<QueuedUpload>();
  private readonly requests = new Map<File, RunningUpload>();

  constructor() {
    const warn = (event: BeforeUnloadEvent) => {
      if (this.isBusy()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    inject(DestroyRef).onDestroy(() => window.removeEventListener('beforeunload', warn));
  }

  /** Uploads files, in this order, after those that wait already. */
  add(files: readonly File[], target: UploadTarget | null): void {
    if (files.length === 0) return;
    if (!this.isBusy() && this.failures().length === 0) this.forget();
    const batch = new UploadBatch(target, files.length);
    this.currentBatches.update((batches) => [...batches, batch]);
    this.enqueue(files.map((file) => ({ file, batch })));
  }

  cancel(upload: QueuedUpload): void {
    const request = this.requests.get(upload.file);
    if (request !== undefined) {
      request.cancel();
      return;
    }
    // It may have come to its end between being drawn and being clicked.
    if (!this.waiting.remove(upload)) return;
    this.uncount([upload]);
    this.showWaiting();
  }

  cancelAll(): void {
    this.uncount(this.waiting.clear());
    this.showWaiting();
    for (const request of this.requests.values()) request.cancel();
  }

  retry(upload: FailedUpload): void {
    this.retryThese([upload]);
  }

  retryAll(): void {
    this.retryThese(this.failures());
  }

  /** Forgets what is over. What is under way goes on. */
  dismiss(): void {
    this.failures.set([]);
    this.renames.set([]);
    if (!this.isBusy()) this.forget();
  }

  private retryThese(uploads: readonly FailedUpload[]): void {
    // A second click may come before the first one is drawn.
    const again = this.failures().filter((failure) => uploads.includes(failure));
    this.failures.update((failures) => failures.filter((failure) => !again.includes(failure)));
    this.enqueue(again.map(({ file, batch }) => ({ file, batch })));
  }

  private enqueue(uploads: readonly QueuedUpload[]): void {
    this.waiting.add(uploads);
    const bytes = sizeOf(uploads);
    this.counts.update((counts) => ({
      ...counts,
      totalCount: counts.totalCount + uploads.length,
      totalBytes: counts.totalBytes + bytes,
    }));
    this.showWaiting();
    this.startNext();
  }

  private startNext(): void {
    while (!this.held() && this.running().length < AT_ONCE) {
      const upload = this.waiting.take();
      if (upload === undefined) break;
      void this.carry(upload);
    }
    this.showWaiting();
  }

  private async carry(upload: QueuedUpload): Promise<void> {
    const { file, batch } = upload;
    this.running.update((running) => [...running, { ...upload, sentBytes: 0 }]);
    const request = this.transport.send(
      { file, target: batch.target, tags: batch.tags() },
      (bytes) => this.showProgress(file, bytes),
    );
    this.requests.set(file, request);
    const result = await request.result;
    this.requests.delete(file);
    this.running.update((running) => running.filter((active) => active.file !== file));
    this.settle(upload, result);
    this.startNext();
  }

  private settle(upload: QueuedUpload, result: UploadResult): void {
    if (result.kind === 'stored') {
      this.noteStored(upload, result.file);
      return;
    }
    this.uncount([upload]);
    if (result.kind === 'cancelled') return;
    this.failures.update((failures) => [...failures, failureOf(upload, result)]);
    if (result.kind === 'disconnected') void this.hold(() => this.transport.untilReachable());
    if (result.kind === 'signed-out') void this.hold(() => this.untilSignedIn());
  }

  private noteStored({ file, batch }: QueuedUpload, stored: FileMetadata): void {
    this.counts.update((counts) => ({
      ...counts,
      doneCount: counts.doneCount + 1,
      doneBytes: counts.doneBytes + file.size,
    }));
    if (stored.filename !== file.name) {
      const renamed = { sentName: file.name, storedName: stored.filename };
      this.renames.update((renames) => [...renames, renamed]);
    }
    batch.stored.set(stored.id, stored);
    this.arrivals.next({ batch, file: stored });
  }

  /** Without a server, or a session, each waiting file would fail in turn: they wait until it is there again. */
  private async hold(until: () => Promise<void>): Promise<void> {
    if (this.held()) return;
    this.held.set(true);
    await until();
    this.held.set(false);
    this.startNext();
  }

  private async untilSignedIn(): Promise<void> {
    // Somebody may have signed in again since this upload began.
    await this.sessionEnd.check();
    await this.session.untilSignedIn();
  }

  private showProgress(file: File, sentBytes: number): void {
    this.running.update((running) =>
      running.map((active) => (active.file === file ? { ...active, sentBytes } : active)),
    );
  }

  private showWaiting(): void {
    this.waitingState.set({ count: this.waiting.size, next: this.waiting.peek(WAITING_IN_SIGHT) });
  }

  private uncount(uploads: readonly QueuedUpload[]): void {
    const bytes = sizeOf(uploads);
    this.counts.update((counts) => ({
      ...counts,
      totalCount: counts.totalCount - uploads.length,
      totalBytes: counts.totalBytes - bytes,
    }));
  }

  private forget(): void {
    this.counts.set(NO_TALLY);
    this.renames.set([]);
    this.currentBatches.set([]);
  }
}

function failureOf(
  { file, batch }: QueuedUpload,
  result: Exclude<UploadResult, { kind: 'stored' | 'cancelled' }>,
): FailedUpload {
  const upload = { file, batch, requestId: null };
  if (result.kind === 'refused') {
    const { detail, requestId } = result.problem;
    return { ...upload, reason: detail, requestId };
  }
  return { ...upload, reason: REASONS[result.kind] };
}

const REASONS = {
  disconnected:
    'The connection was lost before HomeServer said that it has the file. Look whether it is there, then try again.',
  'signed-out': 'Your session ended before HomeServer had the file. It is not there; try it again.',
  unreadable:
    'The file was changed, moved or deleted on this device since it was chosen. Choose it again.',
} as const;

function sizeOf(uploads: readonly QueuedUpload[]): number {
  return uploads.reduce((sum, { file }) => sum + file.size, 0);
}
