import { computed, inject, Injectable, signal } from '@angular/core';
import type { AuditEntry, AuditPage } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { describeProblem, type ProblemView } from '../../core/problem';
import { AuditApi, type AuditFilter } from '../audit-api';

const EVERYTHING: AuditFilter = { types: [], actorId: null };

/** The log, the newest first, page by page. */
@Injectable()
export class AuditStore {
  /** null until the first page is there. */
  readonly entries = computed(() => this.known());
  /** Why there is nothing to show; null when there is. */
  readonly problem = computed(() => this.failure());
  /** Why older entries did not come; null when they did. */
  readonly moreProblem = computed(() => this.moreFailure());
  readonly hasMore = computed(() => this.cursor() !== null);
  readonly isLoadingMore = computed(() => this.loadingMore());

  private readonly api = inject(AuditApi);
  private readonly known = signal<readonly AuditEntry[] | null>(null);
  private readonly failure = signal<ProblemView | null>(null);
  private readonly moreFailure = signal<ProblemView | null>(null);
  private readonly cursor = signal<string | null>(null);
  private readonly loadingMore = signal(false);
  private filter = EVERYTHING;
  private showNumber = 0;

  /** Begins anew with this filter. Never rejects: what went wrong is in `problem`. */
  async show(filter: AuditFilter): Promise<void> {
    const number = (this.showNumber += 1);
    this.filter = filter;
    this.known.set(null);
    this.failure.set(null);
    this.moreFailure.set(null);
    this.cursor.set(null);
    this.loadingMore.set(false);
    try {
      const page = await firstValueFrom(this.api.list(filter, null));
      if (number === this.showNumber) this.append(page);
    } catch (error) {
      if (number === this.showNumber) this.failure.set(describeProblem(error));
    }
  }

  retry(): Promise<void> {
    return this.show(this.filter);
  }

  /** Older entries. Never rejects: what went wrong is in `moreProblem`. */
  async more(): Promise<void> {
    const cursor = this.cursor();
    if (cursor === null || this.loadingMore()) return;
    const number = this.showNumber;
    this.loadingMore.set(true);
    this.moreFailure.set(null);
    try {
      const page = await firstValueFrom(this.api.list(this.filter, cursor));
      if (number === this.showNumber) this.append(page);
    } catch (error) {
      if (number === this.showNumber) this.moreFailure.set(describeProblem(error));
    } finally {
      if (number === this.showNumber) this.loadingMore.set(false);
    }
  }

  private append({ items, nextCursor }: AuditPage): void {
    this.known.update((known) => [...(known ?? []), ...items]);
    this.cursor.set(nextCursor);
  }
}
