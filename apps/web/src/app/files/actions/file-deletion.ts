import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { describeProblem } from '../../core/problem';
import { nameEntries } from '../entries/entry-count';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { Undoing } from '../undo/undoing';
import { BulkWork } from './bulk-work';
import { askTwice } from './delete-dialog';
import { isGone } from './fresh-files';

/** Puts entries into the trash at once, which can be undone; deletes them for good after two questions. */
@Injectable()
export class FileDeletion {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly work = inject(BulkWork);
  private readonly dialogs = inject(Dialogs);
  private readonly undoing = inject(Undoing);

  /** @returns whether it was done, at least in part */
  async trash(files: readonly FileMetadata[]): Promise<boolean> {
    const done = await this.takeAway(files, 'Moving to the trash', 'moved to the trash', (file) =>
      firstValueFrom(this.api.trash(file.id), { defaultValue: undefined }),
    );
    if (done.length === 0) return false;
    const words = `${nameEntries(done)} moved to the trash.`;
    const changes = done.map((file) => ({ before: file, after: file }));
    this.undoing.offer({ kind: 'trash', words, changes });
    return true;
  }

  /** @returns whether it was done, at least in part */
  async deleteForGood(files: readonly FileMetadata[]): Promise<boolean> {
    if (files.length === 0 || !(await askTwice(this.dialogs, files))) return false;
    const done = await this.takeAway(files, 'Deleting', 'deleted', (file) =>
      firstValueFrom(this.api.deleteForGood(file.id), { defaultValue: undefined }),
    );
    if (done.length > 0) this.undoing.tell(`${nameEntries(done)} deleted for good.`, null);
    return done.length > 0;
  }

  private async takeAway(
    files: readonly FileMetadata[],
    verb: string,
    participle: string,
    call: (file: FileMetadata) => Promise<void>,
  ): Promise<readonly FileMetadata[]> {
    if (files.length === 0) return [];
    const act = async (file: FileMetadata) => {
      await unlessGone(() => call(file));
      this.list.noteChanges([{ kind: 'gone', file }]);
    };
    const { done } = await this.work.run({ verb, participle, files, act });
    // What is left is in sight now, so that the keyboard goes to what stays.
    this.list.applyNow([]);
    return done;
  }
}

/** Someone else was quicker: it is gone, as was wanted. */
async function unlessGone(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (failure) {
    if (!isGone(describeProblem(failure))) throw failure;
  }
}
