import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom, Subject } from 'rxjs';

import { FilesApi } from '../files-api';
import { hasSameTags } from '../tags/tag-edits';
import type { UploadBatch } from './upload-batch';
import { UploadQueue } from './upload-queue';
import { WaitingLine } from './waiting-line';

const AT_ONCE = 2;

interface Arrival {
  readonly batch: UploadBatch;
  readonly id: string;
}

/**
 * Gives a batch other tags at any time: files that wait get them with their upload, files that have
 * arrived or are on their way get them afterwards.
 */
@Injectable({ providedIn: 'root' })
export class UploadTagging {
  /** How many files kept the tags before. */
  readonly failedCount = computed(() => this.failures());
  /** Each file that got other tags. */
  readonly changed = new Subject<FileMetadata>();

  private readonly failures = signal(0);
  private readonly api = inject(FilesApi);
  private readonly line = new WaitingLine<Arrival>();
  private busyCount = 0;

  constructor() {
    const arrivals = inject(UploadQueue).arrivals.subscribe(({ batch, file }) =>
      this.update([{ batch, id: file.id }]),
    );
    inject(DestroyRef).onDestroy(() => arrivals.unsubscribe());
  }

  setTags(batch: UploadBatch, tags: readonly string[]): void {
    this.failures.set(0);
    batch.tags.set(tags);
    this.update([...batch.stored.keys()].map((id) => ({ batch, id })));
  }

  private update(arrivals: readonly Arrival[]): void {
    this.line.add(arrivals);
    while (this.busyCount < AT_ONCE && this.line.size > 0) void this.work();
  }

  private async work(): Promise<void> {
    this.busyCount += 1;
    for (let next = this.line.take(); next !== undefined; next = this.line.take()) {
      await this.bring(next);
    }
    this.busyCount -= 1;
  }

  private async bring({ batch, id }: Arrival): Promise<void> {
    const file = batch.stored.get(id);
    const tags = [...batch.tags()];
    // The tags may have been changed back meanwhile.
    if (file === undefined || hasSameTags(file.tags, tags)) return;
    try {
      const changed = await firstValueFrom(this.api.change(file, { tags }));
      batch.stored.set(id, changed);
      this.changed.next(changed);
    } catch {
      // Changed or deleted by someone else since, or out of reach: its upload stands all the same, and
      // the panel counts it.
      this.failures.update((count) => count + 1);
    }
  }
}
