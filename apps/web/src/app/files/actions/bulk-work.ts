import { computed, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { Dialogs } from '../../core/dialog/dialogs';
import { FailuresDialog } from './failures-dialog';
import { type BulkOutcome, runBounded } from './run-bounded';

export interface BulkTask {
  /** What is being done, such as `Deleting`. */
  readonly verb: string;
  /** What could not be done, such as `deleted`. */
  readonly participle: string;
  readonly files: readonly FileMetadata[];
  readonly act: (file: FileMetadata) => Promise<void>;
}

export interface BulkProgress {
  readonly verb: string;
  readonly finished: number;
  readonly total: number;
}

/** Does something with many entries, shows how far it has come, and tells what could not be done. */
@Injectable()
export class BulkWork {
  /** null when nothing is being done. */
  readonly progress = computed(() => this.current());

  private readonly current = signal<BulkProgress | null>(null);
  private readonly dialogs = inject(Dialogs);
  private isStopped = false;

  /** What is under way is still finished; the rest is left as it is. */
  stop(): void {
    this.isStopped = true;
  }

  /** Resolves when all is done or stopped, and what failed has been told. */
  async run(task: BulkTask): Promise<BulkOutcome<FileMetadata>> {
    this.isStopped = false;
    const total = task.files.length;
    const show = (finished: number) => this.current.set({ verb: task.verb, finished, total });
    show(0);
    const outcome = await runBounded({
      items: task.files,
      act: task.act,
      onProgress: show,
      isStopped: () => this.isStopped,
    });
    this.current.set(null);
    if (outcome.failed.length > 0) {
      const data = { participle: task.participle, total, failed: outcome.failed };
      await this.dialogs.ask<void>(FailuresDialog, data);
    }
    return outcome;
  }
}
