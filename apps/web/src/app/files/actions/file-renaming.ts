import { ApplicationRef, computed, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Notices } from '../../core/notices';
import { describeProblem, type ProblemView } from '../../core/problem';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { Undoing } from '../undo/undoing';
import { FreshFiles } from './fresh-files';

/** Gives entries other names, one at a time, in their row. */
@Injectable()
export class FileRenaming {
  /** The entry whose name is a field now; null when none is. */
  readonly id = computed(() => this.currentId());

  private readonly currentId = signal<string | null>(null);
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly fresh = inject(FreshFiles);
  private readonly notices = inject(Notices);
  private readonly undoing = inject(Undoing);
  private readonly application = inject(ApplicationRef);

  begin(file: FileMetadata): void {
    this.currentId.set(file.id);
    // Drawn at once: the letters that follow F2 belong to the field, not to the list.
    this.application.tick();
  }

  end(): void {
    this.currentId.set(null);
  }

  /** @returns why the name was refused, in words for the field; null when it was taken, or the entry is gone */
  async rename(file: FileMetadata, filename: string): Promise<string | null> {
    try {
      const renamed = await firstValueFrom(this.api.change(file, { filename }));
      this.list.applyNow([{ kind: 'present', file: renamed }]);
      if (renamed.filename !== file.filename) {
        const words = `“${file.filename}” is “${renamed.filename}” now.`;
        const changes = [{ before: file, after: renamed }];
        this.undoing.offer({ kind: 'rename', words, changes });
      }
      return null;
    } catch (failure) {
      // Whatever it is, it is told at the field, where the name can be mended.
      return this.tellRefusal(file, describeProblem(failure));
    }
  }

  private async tellRefusal(file: FileMetadata, problem: ProblemView): Promise<string | null> {
    const newest = await this.fresh.afterRefusal(file, problem);
    if (newest === 'gone') {
      this.notices.say(`“${file.filename}” is not there any more.`);
      return null;
    }
    if (newest === 'unchanged') return problem.detail;
    return 'Someone else changed this entry just now. Look at it again, then repeat the change.';
  }
}
