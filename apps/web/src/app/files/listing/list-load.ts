import type { FilePage } from '@homeserver/dto';
import type { Observable, Subscription } from 'rxjs';

import type { PageRequest } from '../files-api';
import { applyChanges, type FileChange, type ListScope, type LoadedRows } from './list-changes';

/** Enough for the first screen and some scrolling, and quick to come. */
const FIRST_PAGE = 200;
const PAGE = 500;
/** What the contract allows at most: to catch up with a jump. */
const LARGEST_PAGE = 1000;

export interface ListHandlers {
  readonly fetch: (scope: ListScope, page: PageRequest) => Observable<FilePage>;
  /** After each page that came. */
  readonly onPage: (load: ListLoad) => void;
  /** A page did not come; `want` tries again. */
  readonly onFailure: (load: ListLoad, failure: unknown) => void;
}

/**
 * One list on its way into the browser. A cursor is known only from the page before, so pages come one
 * after the other, and what is loaded is always the beginning of the list.
 */
export class ListLoad {
  private loaded: LoadedRows = { rows: [], total: 0, isComplete: false };
  private cursor: string | null = null;
  private hasFirstPage = false;
  private wantedCount = 0;
  private request: Subscription | null = null;
  private isStopped = false;
  /** What happened since the request set out: its answer may not know of it yet. */
  private changesUnderway: FileChange[] = [];

  constructor(
    readonly scope: ListScope,
    private readonly handlers: ListHandlers,
  ) {}

  get state(): LoadedRows {
    return this.loaded;
  }

  /** Whether so many rows are there, or all that exist. */
  has(count: number): boolean {
    return this.hasFirstPage && (this.loaded.isComplete || this.loaded.rows.length >= count);
  }

  /** Loads on until so many rows are there, or all. A later, smaller wish takes an earlier one back. */
  want(count: number): void {
    this.wantedCount = count;
    this.loadNext();
  }

  /** @returns whether only the server knows the total now */
  apply(changes: readonly FileChange[]): boolean {
    if (this.request !== null) this.changesUnderway.push(...changes);
    const { isTotalUncertain, ...loaded } = applyChanges(this.loaded, changes, this.scope);
    this.loaded = loaded;
    return isTotalUncertain;
  }

  /** What the server says how long the list is. */
  correctTotal(total: number): void {
    if (!this.loaded.isComplete) this.loaded = { ...this.loaded, total };
  }

  /** Drops what is on its way. Nothing is reported any more. */
  stop(): void {
    this.isStopped = true;
    this.request?.unsubscribe();
  }

  private loadNext(): void {
    if (this.isStopped || this.request !== null || this.has(this.wantedCount)) return;
    this.changesUnderway = [];
    let isAnswered = false;
    const page = { limit: this.nextLimit(), cursor: this.cursor };
    const request = this.handlers.fetch(this.scope, page).subscribe({
      next: (answer) => {
        isAnswered = true;
        this.request = null;
        this.append(answer);
      },
      error: (failure: unknown) => {
        isAnswered = true;
        this.request = null;
        this.handlers.onFailure(this, failure);
      },
    });
    // An answer from a cache may be there before subscribe returns.
    if (!isAnswered) this.request = request;
  }

  private nextLimit(): number {
    const missing = this.wantedCount - this.loaded.rows.length;
    if (!this.hasFirstPage && missing <= FIRST_PAGE) return FIRST_PAGE;
    return missing > PAGE ? LARGEST_PAGE : PAGE;
  }

  private append(page: FilePage): void {
    const known = new Set(this.loaded.rows.map((row) => row.id));
    const rows = [...this.loaded.rows, ...page.items.filter((item) => !known.has(item.id))];
    const isComplete = page.nextCursor === null;
    const total = this.hasFirstPage ? this.loaded.total : (page.total ?? rows.length);
    this.hasFirstPage = true;
    this.cursor = page.nextCursor;
    this.loaded = {
      rows,
      isComplete,
      total: isComplete ? rows.length : Math.max(total, rows.length),
    };
    if (this.changesUnderway.length > 0) this.apply(this.changesUnderway);
    this.handlers.onPage(this);
    this.loadNext();
  }
}
