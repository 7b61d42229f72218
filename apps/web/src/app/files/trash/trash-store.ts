import { computed, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata, TrashItem, TrashPage } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Loadable } from '../../core/forms/loadable';
import { JobsStore } from '../../core/jobs/jobs-store';
import { describeProblem, type ProblemView } from '../../core/problem';
import { UndoStack } from '../undo/undo-stack';
import { TrashApi } from './trash-api';
import type { TrashSection } from './trash-sections';

/** What is in the trash of all drives, what was put there last first, page by page. */
@Injectable()
export class TrashStore {
  readonly trash = new Loadable<TrashPage>(() => firstValueFrom(this.api.list(null)));
  readonly items = computed(() => this.trash.value()?.items ?? null);
  readonly hasMore = computed(() => (this.trash.value()?.nextCursor ?? null) !== null);
  readonly isLoadingMore = computed(() => this.loadingMore());
  /** Why older things did not come; null when they did. */
  readonly moreProblem = computed(() => this.moreFailure());

  private readonly api = inject(TrashApi);
  private readonly jobs = inject(JobsStore);
  private readonly stack = inject(UndoStack);
  private readonly loadingMore = signal(false);
  private readonly moreFailure = signal<ProblemView | null>(null);

  constructor() {
    void this.trash.load();
  }

  /** What is older. Never rejects: what went wrong is in `moreProblem`. */
  async more(): Promise<void> {
    const cursor = this.trash.value()?.nextCursor ?? null;
    if (cursor === null || this.loadingMore()) return;
    this.loadingMore.set(true);
    this.moreFailure.set(null);
    try {
      const { items, nextCursor } = await firstValueFrom(this.api.list(cursor));
      // The list may have been loaded anew meanwhile: then this does not go on from its end.
      if (this.trash.value()?.nextCursor !== cursor) return;
      this.trash.update((known) => ({ items: [...known.items, ...items], nextCursor }));
    } catch (error) {
      this.moreFailure.set(describeProblem(error));
    } finally {
      this.loadingMore.set(false);
    }
  }

  /** @throws HttpErrorResponse */
  async restore({ id }: TrashItem): Promise<FileMetadata> {
    const file = await firstValueFrom(this.api.restore(id));
    this.takeOut(id);
    this.note(`“${file.filename}” was restored from the trash.`, 'delete it again instead');
    return file;
  }

  /** @throws HttpErrorResponse */
  async remove({ id, file }: TrashItem): Promise<void> {
    await firstValueFrom(this.api.remove(id), { defaultValue: undefined });
    this.takeOut(id);
    this.note(`“${file.filename}” was deleted for good.`, null);
  }

  /** @throws HttpErrorResponse */
  async empty({ driveId, name }: Pick<TrashSection, 'driveId' | 'name'>): Promise<void> {
    const { jobs } = await firstValueFrom(this.api.empty(driveId));
    for (const job of jobs) this.jobs.add(job);
    this.note(`The trash of “${name}” was emptied.`, null);
    this.trash.update((known) => ({
      ...known,
      items: known.items.filter(({ file }) => file.driveId !== driveId),
    }));
    // A job takes its time: what it has not removed yet is told by the jobs, not here.
    if (jobs.length === 0) await this.trash.load();
  }

  /** There is no way back by the key. */
  private note(words: string, advice: string | null): void {
    this.stack.push({ kind: 'final', words, advice });
  }

  private takeOut(id: string): void {
    this.trash.update((known) => ({
      ...known,
      items: known.items.filter((item) => item.id !== id),
    }));
  }
}
