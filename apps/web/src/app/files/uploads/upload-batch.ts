import { signal } from '@angular/core';
import type { Conflict } from '@homeserver/dto';

import type { UploadTarget } from './upload-target';

/** What to do with a file whose name is taken: `skip` leaves it out. */
export type ConflictChoice = Exclude<Conflict, 'fail'> | 'skip';

/** What to do with a file that the server has already. */
export type KnownChoice = 'copy' | 'upload' | 'skip';

/** A file that has arrived, with the tags that it has; null where that is not known. */
export interface StoredUpload {
  readonly id: string;
  readonly tags: readonly string[] | null;
}

/** Files that were chosen together: they go to one place and bear the same tags. */
export class UploadBatch {
  /** Those that files get which have not begun yet. */
  readonly tags = signal<readonly string[]>([]);
  /** The files that have arrived, by id. */
  readonly stored = new Map<string, StoredUpload>();
  /** How many of them kept the tags before when the batch got others. */
  readonly untaggedCount = signal(0);
  /** More may be found while a folder is read. */
  readonly fileCount = signal(0);
  /** Whether all that it gets is known, and no folder is read for it any more. */
  isFilled = false;
  /** What was decided for all names that are taken; null before that was asked. */
  conflict: ConflictChoice | null = null;
  /** What was decided for all that the server has already; null before that was asked. */
  known: KnownChoice | null = null;

  /** @param target null: where the server puts what names no drive */
  constructor(readonly target: UploadTarget | null) {
    this.tags.set(target?.tags ?? []);
  }
}
