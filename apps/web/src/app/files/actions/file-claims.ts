import { inject, Injectable, signal } from '@angular/core';
import type { Claim, FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Notices } from '../../core/notices';
import { describeProblem } from '../../core/problem';
import { FilesApi } from '../files-api';
import { SelectionStore } from '../list/selection-store';
import { FileListStore } from '../listing/file-list-store';
import { Undoing } from '../undo/undoing';
import { FreshFiles } from './fresh-files';

/** Says of a file that came which missing one it is. */
@Injectable()
export class FileClaims {
  private readonly claimed = signal<ReadonlySet<string>>(new Set());
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly fresh = inject(FreshFiles);
  private readonly notices = inject(Notices);
  private readonly undoing = inject(Undoing);

  /** Whether a person has said here which file this is: what else it may be is no question any more. */
  isSettled(id: string): boolean {
    return this.claimed().has(id);
  }

  /** @returns the missing file, which is there again and selected in place of the other; null when it was refused */
  async claim(file: FileMetadata, { id, filename }: Claim): Promise<FileMetadata | null> {
    try {
      const restored = await firstValueFrom(this.api.claim(file, id));
      this.claimed.update((before) => new Set(before).add(restored.id));
      const isSelected = this.selection.has(file.id);
      this.list.applyNow([
        { kind: 'gone', file },
        { kind: 'present', file: restored },
      ]);
      if (isSelected) this.selection.only(restored.id);
      const words = `“${filename}” is known again, with all that was said about it.`;
      this.undoing.tell(words, null);
      return restored;
    } catch (failure) {
      // Whatever it is: nothing has changed, and the person is told.
      await this.tellRefusal(file, failure);
      return null;
    }
  }

  private async tellRefusal(file: FileMetadata, failure: unknown): Promise<void> {
    const problem = describeProblem(failure);
    const newest = await this.fresh.afterRefusal(file, problem);
    if (newest === 'gone') this.notices.say(`“${file.filename}” is not there any more.`);
    else this.notices.say(problem.detail);
  }
}
