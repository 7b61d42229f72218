import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { describeProblem } from '../../core/problem';
import { countOfEntries } from '../entries/entry-count';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { BulkWork } from './bulk-work';
import { DeleteDialog } from './delete-dialog';
import { isGone } from './fresh-files';

/** Deletes entries, after a question: there is no trash yet, so that there is no way back. */
@Injectable()
export class FileDeletion {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly work = inject(BulkWork);
  private readonly dialogs = inject(Dialogs);
  private readonly notices = inject(Notices);

  /** @returns whether it was done, at least in part */
  async ask(files: readonly FileMetadata[]): Promise<boolean> {
    if (files.length === 0) return false;
    if ((await this.dialogs.ask<boolean>(DeleteDialog, files)) !== true) return false;
    const { done } = await this.work.run({
      verb: 'Deleting',
      participle: 'deleted',
      files,
      act: (file) => this.delete(file),
    });
    // What is left is in sight now, so that the keyboard goes to what stays.
    this.list.applyNow([]);
    const [only] = done;
    if (only === undefined) return false;
    const what = done.length === 1 ? `“${only.filename}”` : countOfEntries(done);
    this.notices.say(`${what} deleted.`);
    return true;
  }

  private async delete(file: FileMetadata): Promise<void> {
    try {
      await firstValueFrom(this.api.deleteForGood(file.id), { defaultValue: undefined });
    } catch (failure) {
      // Someone else was quicker: it is gone, as was wanted.
      if (!isGone(describeProblem(failure))) throw failure;
    }
    this.list.noteChanges([{ kind: 'gone', file }]);
  }
}
