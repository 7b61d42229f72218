import type { UploadItem, UploadState } from './upload-item';
import { WaitingLine } from './waiting-line';

/** Files and bytes of all uploads since the queue was last empty, without failed and cancelled ones. */
export interface UploadTally {
  readonly doneCount: number;
  readonly totalCount: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

type Aside = Exclude<UploadState, 'waiting' | 'over'>;

/** In the order in which they are shown. What failed, or waits for a decision, is shown apart. */
const SHOWN: readonly Aside[] = ['running', 'resting', 'paused'];
/** No longer, or not again, on their way. */
const UNCOUNTED: ReadonlySet<UploadState> = new Set(['failed', 'over']);

/** Where each upload stands: a plain store, without signals, since it may hold tens of thousands. */
export class UploadBoard {
  readonly waiting = new WaitingLine<UploadItem>();
  readonly running = new Set<UploadItem>();
  readonly failed = new Set<UploadItem>();
  readonly taken = new Set<UploadItem>();
  readonly known = new Set<UploadItem>();
  readonly resting = new Set<UploadItem>();
  readonly paused = new Set<UploadItem>();
  private doneCount = 0;
  private doneBytes = 0;
  private totalCount = 0;
  private totalBytes = 0;

  get tally(): UploadTally {
    const { doneCount, doneBytes, totalCount, totalBytes } = this;
    return { doneCount, doneBytes, totalCount, totalBytes };
  }

  /** In bytes, of all that is counted in the tally. */
  get sentBytes(): number {
    let sum = this.doneBytes;
    for (const state of ['running', 'resting', 'paused'] as const)
      for (const { sentBytes } of this[state]) sum += sentBytes;
    return sum;
  }

  /** Whether something is still to arrive that needs this page. */
  get isBusy(): boolean {
    const { running, taken, known, resting, paused } = this;
    if (this.waiting.size > 0) return true;
    return [running, taken, known, resting, paused].some(({ size }) => size > 0);
  }

  add(items: readonly UploadItem[]): void {
    for (const item of items) this.count(item, 1);
    this.waiting.add(items);
  }

  takeNext(): UploadItem | undefined {
    const item = this.waiting.take();
    if (item !== undefined) this.place(item, 'running');
    return item;
  }

  /** @returns whether it was in the state that it says it is in */
  move(item: UploadItem, state: Exclude<UploadState, 'waiting'>): boolean {
    if (!this.leave(item)) return false;
    this.recount(item, state);
    this.place(item, state);
    return true;
  }

  /** Back into the line, before all others. */
  putBack(item: UploadItem): void {
    this.bringBack([item], 'first');
  }

  /** Back into the line, in their order. */
  bringBack(items: readonly UploadItem[], place: 'first' | 'last' = 'last'): void {
    const moved = items.filter((item) => this.leave(item));
    for (const item of moved) {
      this.recount(item, 'waiting');
      item.state = 'waiting';
    }
    const [only] = moved;
    if (place === 'last') this.waiting.add(moved);
    else if (only !== undefined) this.waiting.putBack(only);
  }

  noteStored(item: UploadItem): void {
    this.doneCount += 1;
    this.doneBytes += item.size;
    this.leave(item);
    item.state = 'over';
  }

  /** What is under way or waits for its turn, in the order in which it is shown. */
  rows(): UploadItem[] {
    return [...SHOWN.flatMap((state) => [...this[state]]), ...this.waiting.all()];
  }

  /** All that are not over. */
  all(): UploadItem[] {
    return [...this.rows(), ...this.failed, ...this.taken, ...this.known];
  }

  forget(): void {
    this.doneCount = 0;
    this.doneBytes = 0;
    this.totalCount = 0;
    this.totalBytes = 0;
  }

  private leave(item: UploadItem): boolean {
    if (item.state === 'over') return false;
    return item.state === 'waiting' ? this.waiting.remove(item) : this[item.state].delete(item);
  }

  private place(item: UploadItem, state: Exclude<UploadState, 'waiting'>): void {
    item.state = state;
    if (state !== 'over') this[state].add(item);
  }

  private recount(item: UploadItem, state: UploadState): void {
    const before = UNCOUNTED.has(item.state) ? 0 : 1;
    this.count(item, (UNCOUNTED.has(state) ? 0 : 1) - before);
  }

  private count(item: UploadItem, times: number): void {
    this.totalCount += times;
    this.totalBytes += times * item.size;
  }
}

export function isSameTally(one: UploadTally, other: UploadTally): boolean {
  return (
    one.doneCount === other.doneCount &&
    one.totalCount === other.totalCount &&
    one.doneBytes === other.doneBytes &&
    one.totalBytes === other.totalBytes
  );
}
