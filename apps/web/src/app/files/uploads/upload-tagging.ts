import { DestroyRef, inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom, Subject } from 'rxjs';

import { FilesApi } from '../files-api';
import { hasSameTags } from '../tags/tag-edits';
import type { StoredUpload, UploadBatch } from './upload-batch';
import { type Arrival, UploadQueue } from './upload-queue';
import { WaitingLine } from './waiting-line';

const AT_ONCE = 2;

/**
 * Gives a batch other tags at any time: files that wait get them with their upload, files that have
 * arrived or are on their way get them afterwards.
 */
@Injectable({ providedIn: 'root' })
export class UploadTagging {
  /** Each file that got other tags. */
  readonly changed = new Subject<FileMetadata>();

  private readonly api = inject(FilesApi);
  private readonly queue = inject(UploadQueue);
  private readonly line = new WaitingLine<Arrival>();
  /** Ids of the files whose tags are on their way. */
  private readonly underway = new Set<string>();
  private busyCount = 0;

  constructor() {
    const arrivals = this.queue.arrivals.subscribe((arrival) => this.update([arrival]));
    inject(DestroyRef).onDestroy(() => arrivals.unsubscribe());
  }

  setTags(batch: UploadBatch, tags: readonly string[]): void {
    batch.untaggedCount.set(0);
    batch.tags.set(tags);
    this.queue.rememberTags(batch);
    this.update([...batch.stored.keys()].map((id) => ({ batch, id })));
  }

  private update(arrivals: readonly Arrival[]): void {
    this.line.add(arrivals.filter(({ batch, id }) => awaiting(batch, id) !== null));
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
    // Two changes of one file at a time would be in each other's way: the one under way looks again.
    if (this.underway.has(id)) return;
    this.underway.add(id);
    try {
      while (awaiting(batch, id) !== null) {
        const tags = [...batch.tags()];
        const { ancestors: _, ...file } = await firstValueFrom(this.api.metadata(id));
        const changed = await firstValueFrom(this.api.change(file, { tags }));
        // The server may write them in another form: what was asked for is what counts here.
        batch.stored.set(id, { id, tags });
        this.changed.next(changed);
      }
    } catch {
      // Changed or deleted by someone else since, or out of reach: its upload stands all the same, and
      // the panel counts it.
      batch.untaggedCount.update((count) => count + 1);
    } finally {
      this.underway.delete(id);
    }
  }
}

/** The file that is still to get the tags of its batch; null when it has them. */
function awaiting(batch: UploadBatch, id: string): StoredUpload | null {
  const file = batch.stored.get(id);
  const { tags = null } = file ?? {};
  const isRight = tags !== null && hasSameTags(tags, batch.tags());
  return file === undefined || isRight ? null : file;
}
