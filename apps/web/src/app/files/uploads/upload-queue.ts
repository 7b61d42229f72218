import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Subject } from 'rxjs';

import { SessionEnd } from '../../core/session-end';
import { SessionStore } from '../../core/session-store';
import type { Chosen } from './chosen-file';
import { Frames } from './frames';
import { type ConflictChoice, type KnownChoice, UploadBatch } from './upload-batch';
import { isSameTally, UploadBoard } from './upload-board';
import { UploadCarrier } from './upload-carrier';
import { UploadItem } from './upload-item';
import { UploadJournal } from './upload-journal';
import { type NextStep, nextStepOf } from './upload-outcomes';
import { UploadRuns } from './upload-runs';
import type { UploadTarget } from './upload-target';

/** More at once would only make each slower; fewer leave the network idle between small files. */
const AT_ONCE = 4;

export interface Arrival {
  readonly batch: UploadBatch;
  readonly id: string;
}

/**
 * The uploads of this tab, on whatever page it is. A few run at a time; what waits is a list of handles
 * to files, whose bytes are read only while they are sent. What is shown follows once a frame.
 */
@Injectable({ providedIn: 'root' })
export class UploadQueue {
  /** Rises with each frame in which something has changed. */
  readonly beat = computed(() => this.beats());
  /** What is under way or waits for its turn, the running ones first. */
  readonly rows = computed(() => this.seen(this.shapes, () => this.board.rows()));
  readonly runningCount = computed(() => this.seen(this.shapes, () => this.board.running.size));
  readonly failed = computed(() => this.seen(this.shapes, () => [...this.board.failed]));
  readonly taken = computed(() => this.seen(this.shapes, () => [...this.board.taken]));
  readonly known = computed(() => this.seen(this.shapes, () => [...this.board.known]));
  readonly tally = computed(() => this.seen(this.shapes, () => this.board.tally), {
    equal: isSameTally,
  });
  readonly isBusy = computed(() => this.seen(this.shapes, () => this.board.isBusy));
  /** In bytes, of all that is counted in the tally. */
  readonly sentBytes = computed(() => this.seen(this.beats, () => this.board.sentBytes));
  /** Whether all of them were told to pause. */
  readonly isPaused = computed(() => this.pausedAll());
  /** Whether files wait for the server, or the person, to be there again. */
  readonly isHeld = computed(() => this.held() && this.isBusy());
  readonly skippedCount = computed(() => this.skipped());
  readonly batches = computed(() => this.currentBatches());
  /** Each file as it is stored. */
  readonly arrivals = new Subject<Arrival>();

  private readonly beats = signal(0);
  private readonly shapes = signal(0);
  private readonly pausedAll = signal(false);
  private readonly held = signal(false);
  private readonly skipped = signal(0);
  private readonly currentBatches = signal<readonly UploadBatch[]>([]);

  private readonly carrier = inject(UploadCarrier);
  private readonly journal = inject(UploadJournal);
  private readonly session = inject(SessionStore);
  private readonly sessionEnd = inject(SessionEnd);
  private readonly board = new UploadBoard();
  private readonly runs = new UploadRuns();
  private cancelling = new AbortController();
  /** Who has chosen what is in it; null before anything was. */
  private ownerId: string | null = null;
  private hasNewShape = false;
  private readonly draw = inject(Frames).batched(() => this.show());

  constructor() {
    const warn = (event: BeforeUnloadEvent) => {
      if (this.board.isBusy && !this.isOfAnother()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    inject(DestroyRef).onDestroy(() => window.removeEventListener('beforeunload', warn));
  }

  /** Aborted when all is cancelled: what is still being found then does not go. */
  get cancelled(): AbortSignal {
    return this.cancelling.signal;
  }

  /** Uploads what was chosen, in this order, after what waits already. */
  add(chosen: readonly Chosen[], target: UploadTarget | null): UploadBatch {
    const batch = this.open(target);
    this.addTo(batch, chosen);
    batch.isFilled = true;
    return batch;
  }

  /** For what is found bit by bit, or is gone on with: whoever opens it says when it is filled. */
  open(target: UploadTarget | null): UploadBatch {
    if (!this.board.isBusy && this.board.failed.size === 0) this.forget();
    this.ownerId = this.session.user()?.id ?? null;
    const batch = new UploadBatch(target);
    this.currentBatches.update((batches) => [...batches, batch]);
    return batch;
  }

  addTo(batch: UploadBatch, chosen: readonly Chosen[]): void {
    this.enqueue(chosen.map((one) => new UploadItem(one, batch)));
  }

  enqueue(items: readonly UploadItem[]): void {
    for (const { batch } of items) batch.fileCount.update((count) => count + 1);
    this.board.add(items);
    this.journal.put(items);
    this.startNext();
  }

  cancel(item: UploadItem): void {
    this.leaveOut(item);
    this.startNext();
  }

  /** Also what is still being found. */
  cancelAll(): void {
    this.stopSearches();
    for (const item of this.board.all()) if (item.state !== 'failed') this.leaveOut(item);
    this.pausedAll.set(false);
    this.startNext();
  }

  pause(item: UploadItem): void {
    this.runs.halt(item);
    this.board.move(item, 'paused');
    this.startNext();
  }

  resume(item: UploadItem): void {
    this.board.bringBack([item], 'first');
    // Who goes on with one goes on with it, also while all others are paused.
    if (this.pausedAll() && !this.held()) this.carryNext();
    this.startNext();
  }

  /** What runs stops where it is; the server keeps what has arrived. */
  pauseAll(): void {
    this.pausedAll.set(true);
    for (const item of [...this.board.running].reverse()) {
      this.runs.halt(item);
      this.board.putBack(item);
    }
    this.changed();
  }

  resumeAll(): void {
    this.pausedAll.set(false);
    this.board.bringBack([...this.board.paused], 'last');
    this.startNext();
  }

  retry(items: readonly UploadItem[]): void {
    for (const item of items) item.attempts = 0;
    this.board.bringBack(items);
    this.startNext();
  }

  /** @param forAll also for those of the same batches whose names turn out to be taken later */
  decideTaken(items: readonly UploadItem[], choice: ConflictChoice, forAll: boolean): void {
    if (forAll) for (const { batch } of items) batch.conflict = choice;
    for (const item of items) this.applyTaken(item, choice);
    this.startNext();
  }

  decideKnown(items: readonly UploadItem[], choice: KnownChoice): void {
    for (const { batch } of items) batch.known = choice;
    if (choice === 'skip') for (const item of items) this.skip(item);
    else this.board.bringBack(items, 'last');
    this.startNext();
  }

  /** Files that wait go on with the tags of their batch, also after a reload. */
  rememberTags(batch: UploadBatch): void {
    this.journal.put(this.board.all().filter((item) => item.batch === batch));
  }

  /** Forgets what is over. What is under way goes on. */
  dismiss(): void {
    for (const item of [...this.board.failed]) this.leaveOut(item);
    this.skipped.set(0);
    if (!this.board.isBusy) this.forget();
    this.changed();
  }

  private startNext(): void {
    while (!this.held() && !this.pausedAll() && this.board.running.size < AT_ONCE)
      if (!this.carryNext()) break;
    this.changed();
  }

  /** @returns false when none waits */
  private carryNext(): boolean {
    const item = this.board.takeNext();
    if (item !== undefined) void this.carry(item);
    return item !== undefined;
  }

  private async carry(item: UploadItem): Promise<void> {
    const stop = this.runs.begin(item);
    const before = item.sentBytes;
    const progress = {
      onProgress: (sentBytes: number) => this.showProgress(item, sentBytes),
      onUrl: (url: string) => this.keepUrl(item, url),
    };
    const result = await this.carrier.carry(item, progress, stop);
    // Stopped, and perhaps begun anew by now.
    if (stop.aborted) return;
    this.runs.end(item);
    if (item.sentBytes > before) item.attempts = 0;
    this.take(item, nextStepOf(item, result));
    this.startNext();
  }

  private take(item: UploadItem, step: NextStep): void {
    if (step.kind === 'store') this.noteStored(item, step.id);
    else if (step.kind === 'fail') this.fail(item, step.reason, step.requestId);
    else if (step.kind === 'ask') this.ask(item, step.about);
    else if (step.kind === 'again') this.rest(item, step.afterMs, step.hold);
  }

  private noteStored(item: UploadItem, id: string | null): void {
    this.board.noteStored(item);
    this.journal.remove(item);
    if (!this.board.isBusy) void this.journal.flush();
    if (id === null) return;
    item.batch.stored.set(id, { id, tags: item.tags });
    this.arrivals.next({ batch: item.batch, id });
  }

  private fail(item: UploadItem, reason: string, requestId: string | null): void {
    item.reason = reason;
    item.requestId = requestId;
    item.sentBytes = 0;
    this.board.move(item, 'failed');
  }

  private ask(item: UploadItem, about: 'taken' | 'known'): void {
    const { conflict, known } = item.batch;
    this.board.move(item, about);
    if (about === 'taken' && conflict !== null) this.applyTaken(item, conflict);
    if (about === 'known' && known === 'skip') this.skip(item);
    else if (about === 'known' && known !== null) this.board.bringBack([item]);
  }

  private applyTaken(item: UploadItem, choice: ConflictChoice): void {
    if (choice === 'skip') {
      this.skip(item);
      return;
    }
    item.conflict = choice;
    // That try has come to nothing for certain.
    item.isUncertain = false;
    item.sentBytes = 0;
    this.board.bringBack([item]);
  }

  private skip(item: UploadItem): void {
    this.leaveOut(item);
    this.skipped.update((count) => count + 1);
  }

  private rest(item: UploadItem, afterMs: number, hold: 'server' | 'session' | null): void {
    if (hold === 'server') void this.hold(() => this.carrier.untilReachable());
    if (hold === 'session') void this.hold(() => this.untilSignedIn());
    if (afterMs === 0) {
      this.board.putBack(item);
      return;
    }
    this.board.move(item, 'resting');
    this.runs.restFor(item, afterMs, () => {
      this.board.putBack(item);
      this.startNext();
    });
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
    if (this.isOfAnother()) this.abandon();
  }

  private stopSearches(): void {
    this.cancelling.abort();
    this.cancelling = new AbortController();
  }

  /** Somebody else has signed in: what was chosen here is not theirs. */
  private isOfAnother(): boolean {
    const userId = this.session.user()?.id ?? null;
    return this.ownerId !== null && userId !== null && userId !== this.ownerId;
  }

  /** Nothing goes on here. It is remembered for whose it is, here and on the server. */
  private abandon(): void {
    this.stopSearches();
    for (const item of this.board.all()) {
      this.runs.halt(item);
      this.board.move(item, 'over');
    }
    this.forget();
  }

  private leaveOut(item: UploadItem): void {
    this.runs.halt(item);
    // It may have come to its end between being drawn and being clicked.
    if (!this.board.move(item, 'over')) return;
    this.carrier.discard(item);
    this.journal.remove(item);
  }

  private showProgress(item: UploadItem, sentBytes: number): void {
    item.sentBytes = sentBytes;
    this.draw();
  }

  private keepUrl(item: UploadItem, url: string): void {
    item.url = url;
    this.journal.put([item]);
  }

  private changed(): void {
    this.hasNewShape = true;
    this.draw();
  }

  private show(): void {
    this.beats.update((beat) => beat + 1);
    if (this.hasNewShape) this.shapes.update((shape) => shape + 1);
    this.hasNewShape = false;
  }

  /** Reads the plain store for a signal, which follows the frames. */
  private seen<Value>(frames: () => number, read: () => Value): Value {
    frames();
    return read();
  }

  private forget(): void {
    this.board.forget();
    this.currentBatches.update((batches) => batches.filter(({ isFilled }) => !isFilled));
    this.skipped.set(0);
    this.pausedAll.set(false);
  }
}
