import { signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import type { UploadTarget } from './upload-target';

/** Files that were chosen together: they go to one place and bear the same tags. */
export class UploadBatch {
  /** Those that files get which have not begun yet. */
  readonly tags = signal<readonly string[]>([]);
  /** The files that have arrived, by id, as they were seen last. */
  readonly stored = new Map<string, FileMetadata>();
  /** How many of them kept the tags before when the batch got others. */
  readonly untaggedCount = signal(0);

  /** @param target null: where the server puts what names no drive */
  constructor(
    readonly target: UploadTarget | null,
    readonly fileCount: number,
  ) {
    this.tags.set(target?.tags ?? []);
  }
}
