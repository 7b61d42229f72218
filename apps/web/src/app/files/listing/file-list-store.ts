import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Subject, type Subscription } from 'rxjs';

import { describeProblem, type ProblemView } from '../../core/problem';
import { FilesApi } from '../files-api';
import {
  belongsTo,
  type FileChange,
  filterKey,
  type ListScope,
  type LoadedRows,
} from './list-changes';
import { type ListHandlers, ListLoad } from './list-load';

/** How many rows are kept loaded below the last one in sight. */
const AHEAD = 300;
/** Events come in bursts, such as at an upload of many small files. */
const GATHER_CHANGES_MS = 100;
const RECOUNT_AFTER_MS = 500;

const NOTHING: LoadedRows = { rows: [], total: 0, isComplete: false };

export type ListStatus = 'loading' | 'ready' | 'failed';

/** Entries that are in the list no more, with the rows around them. */
export interface Departure {
  readonly ids: ReadonlySet<string>;
  readonly rowsBefore: readonly FileMetadata[];
  readonly rowsAfter: readonly FileMetadata[];
}

interface Waiter {
  readonly count: number;
  readonly settle: (isThere: boolean) => void;
}

/**
 * The list of a folder or of a filter, as far as it is loaded. Answers that are out of date, because
 * something else was asked for since, are dropped.
 */
@Injectable()
export class FileListStore {
  /** What the rows are of; null before the first list has come. */
  readonly scope = computed(() => this.shownScope());
  readonly rows = computed(() => this.loaded().rows);
  /** Of the whole list, loaded or not. */
  readonly total = computed(() => this.loaded().total);
  readonly isComplete = computed(() => this.loaded().isComplete);
  /** While `loading` the rows are still those before. */
  readonly status = computed(() => this.currentStatus());
  /** Why the list did not come. */
  readonly problem = computed(() => this.currentProblem());
  /** Why the rest of the list, or its newest state, did not come: the rows are those before. */
  readonly restProblem = computed(() => this.currentRestProblem());
  /** When the server last told the list. */
  readonly seenAt = computed(() => this.lastSeenAt());
  readonly departures = new Subject<Departure>();

  private readonly shownScope = signal<ListScope | null>(null);
  private readonly loaded = signal<LoadedRows>(NOTHING);
  private readonly currentStatus = signal<ListStatus>('loading');
  private readonly currentProblem = signal<ProblemView | null>(null);
  private readonly currentRestProblem = signal<ProblemView | null>(null);
  private readonly lastSeenAt = signal<Date | null>(null);

  private readonly api = inject(FilesApi);
  private readonly handlers: ListHandlers = {
    fetch: (scope, page) => this.api.list(scope, page),
    onPage: (load) => this.takePage(load),
    onFailure: (load, failure) => this.takeFailure(load, describeProblem(failure)),
  };
  private readonly entries = new Map<string, FileMetadata>();
  /** The list in sight. */
  private shown: ListLoad | null = null;
  /** The one that takes its place as soon as `comingCount` rows of it are there. */
  private coming: ListLoad | null = null;
  private comingCount = 0;
  private asked: ListScope | null = null;
  /** Something may have been missed while the list was on its way. */
  private isReloadWanted = false;
  private endInSight = 0;
  private waiters: Waiter[] = [];
  private gathered: FileChange[] = [];
  private gatherTimer: ReturnType<typeof setTimeout> | null = null;
  private recountTimer: ReturnType<typeof setTimeout> | null = null;
  private recount: Subscription | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** An entry of the list that was loaded once, in whatever order; null when it is not known. */
  entry(id: string): FileMetadata | null {
    this.loaded();
    return this.entries.get(id) ?? null;
  }

  /** Where an entry stands among the rows; -1 when it is not there, or not loaded. */
  indexOf(id: string | null): number {
    return id === null ? -1 : this.rows().findIndex((row) => row.id === id);
  }

  /** Asks for another list. The one before stays until the new one is there. */
  show(scope: ListScope): void {
    this.asked = scope;
    this.isReloadWanted = false;
    this.currentStatus.set('loading');
    this.currentProblem.set(null);
    this.settleWaiters(() => false);
    this.begin(scope, 1);
  }

  /**
   * Asks for the same rows again, also after a failure; they change only when all are there. A list that
   * is still on its way is asked for again when it has come.
   */
  reload(): void {
    if (this.asked === null) return;
    const status = this.currentStatus();
    if (status === 'loading') this.isReloadWanted = true;
    else if (status === 'failed') this.show(this.asked);
    else this.begin(this.asked, this.loaded().rows.length);
  }

  /** Keeps rows loaded ahead of the last one in sight. */
  keepAhead(lastIndex: number): void {
    this.endInSight = lastIndex + 1;
    this.wantRows();
  }

  /**
   * Loads the list up to so many rows.
   * @returns false when they did not come, or another list was asked for meanwhile
   */
  loadTo(count: number): Promise<boolean> {
    if (this.shown?.has(count) === true) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.waiters.push({ count, settle: resolve });
      this.wantRows();
    });
  }

  /** What happened to entries, by own hand or another's; comes into sight with others of its burst. */
  noteChanges(changes: readonly FileChange[]): void {
    this.gathered.push(...changes);
    this.gatherTimer ??= setTimeout(() => this.applyGathered(), GATHER_CHANGES_MS);
  }

  /** The same at once, as the answer to what a person just did. */
  applyNow(changes: readonly FileChange[]): void {
    this.gathered.push(...changes);
    this.applyGathered();
  }

  private begin(scope: ListScope, count: number): void {
    this.coming?.stop();
    this.coming = new ListLoad(scope, this.handlers);
    this.comingCount = count;
    this.coming.want(count);
  }

  private takePage(load: ListLoad): void {
    if (load === this.coming && load.has(this.comingCount)) this.putInSight(load);
    if (load !== this.shown) return;
    this.loaded.set(load.state);
    for (const row of load.state.rows) this.entries.set(row.id, row);
    this.currentRestProblem.set(null);
    this.settleWaiters((waiter) => (load.has(waiter.count) ? true : null));
    this.wantRows();
    if (!this.isReloadWanted) return;
    this.isReloadWanted = false;
    this.reload();
  }

  private putInSight(load: ListLoad): void {
    const before = this.shown;
    before?.stop();
    this.coming = null;
    this.shown = load;
    this.shownScope.set(load.scope);
    if (before === null || filterKey(before.scope) !== filterKey(load.scope)) this.entries.clear();
    else if (load.state.isComplete) this.reportDeparted(before.state.rows, load.state.rows);
    this.currentStatus.set('ready');
    this.lastSeenAt.set(new Date());
  }

  private takeFailure(load: ListLoad, problem: ProblemView): void {
    if (load === this.coming && this.currentStatus() === 'loading') {
      this.currentStatus.set('failed');
      this.currentProblem.set(problem);
    } else {
      this.currentRestProblem.set(problem);
    }
    if (load === this.coming) this.coming = null;
    this.settleWaiters(() => false);
  }

  private wantRows(): void {
    const ahead = this.endInSight + AHEAD;
    this.shown?.want(Math.max(ahead, ...this.waiters.map((waiter) => waiter.count)));
  }

  private settleWaiters(outcomeOf: (waiter: Waiter) => boolean | null): void {
    const waiters = this.waiters;
    this.waiters = waiters.filter((waiter) => outcomeOf(waiter) === null);
    for (const waiter of waiters) {
      const outcome = outcomeOf(waiter);
      if (outcome !== null) waiter.settle(outcome);
    }
  }

  private applyGathered(): void {
    if (this.gatherTimer !== null) clearTimeout(this.gatherTimer);
    this.gatherTimer = null;
    const changes = this.gathered;
    this.gathered = [];
    this.coming?.apply(changes);
    if (this.shown === null || changes.length === 0) return;
    const rowsBefore = this.shown.state.rows;
    if (this.shown.apply(changes)) this.recountSoon();
    this.loaded.set(this.shown.state);
    this.noteEntries(changes);
    this.reportChanged(changes, this.shown.scope, rowsBefore);
    this.wantRows();
  }

  private reportChanged(
    changes: readonly FileChange[],
    scope: ListScope,
    rowsBefore: readonly FileMetadata[],
  ): void {
    const departed = changes.filter(({ kind, file }) => kind === 'gone' || !belongsTo(scope, file));
    if (departed.length === 0) return;
    const ids = new Set(departed.map(({ file }) => file.id));
    this.departures.next({ ids, rowsBefore, rowsAfter: this.loaded().rows });
  }

  private reportDeparted(
    rowsBefore: readonly FileMetadata[],
    rowsAfter: readonly FileMetadata[],
  ): void {
    const ids = new Set(rowsBefore.map((row) => row.id));
    for (const row of rowsAfter) ids.delete(row.id);
    if (ids.size > 0) this.departures.next({ ids, rowsBefore, rowsAfter });
  }

  private noteEntries(changes: readonly FileChange[]): void {
    for (const { kind, file } of changes) {
      const known = this.entries.get(file.id);
      if (kind === 'gone') this.entries.delete(file.id);
      else if (known === undefined ? kind === 'present' : known.version < file.version)
        this.entries.set(file.id, file);
    }
  }

  private recountSoon(): void {
    this.recountTimer ??= setTimeout(() => {
      this.recountTimer = null;
      this.recountNow();
    }, RECOUNT_AFTER_MS);
  }

  private recountNow(): void {
    const load = this.shown;
    if (load === null) return;
    this.recount?.unsubscribe();
    this.recount = this.api.list(load.scope, { limit: 1, cursor: null }).subscribe({
      next: (page) => {
        if (load !== this.shown || page.total === undefined) return;
        load.correctTotal(page.total);
        this.loaded.set(load.state);
      },
      // The length stays a little wrong until the end of the list is loaded.
      error: () => undefined,
    });
  }

  private stop(): void {
    this.shown?.stop();
    this.coming?.stop();
    this.recount?.unsubscribe();
    if (this.gatherTimer !== null) clearTimeout(this.gatherTimer);
    if (this.recountTimer !== null) clearTimeout(this.recountTimer);
    this.settleWaiters(() => false);
  }
}
