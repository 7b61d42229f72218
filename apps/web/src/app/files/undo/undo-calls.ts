import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { FilesApi } from '../files-api';
import { TrashApi } from '../trash/trash-api';
import type { EntryChange, UndoStep } from './undo-step';

/** What is asked of the server to undo an action. */
@Injectable({ providedIn: 'root' })
export class UndoCalls {
  private readonly api = inject(FilesApi);
  private readonly trashApi = inject(TrashApi);
  private readonly jobs = inject(JobsStore);

  /**
   * @returns the entry as it is now; null while that is still to be done in the background
   * @throws HttpErrorResponse 404 where it is gone, 412 where it was changed since
   */
  async takeBack(step: UndoStep, change: EntryChange): Promise<FileMetadata | null> {
    const { before, after } = change;
    switch (step.kind) {
      case 'trash':
        return firstValueFrom(this.trashApi.restore(after.id));
      case 'move':
        return this.moveBack(change);
      case 'rename':
        return firstValueFrom(this.api.change(after, { filename: before.filename }));
      case 'tags':
        return firstValueFrom(this.api.change(after, { tags: before.tags }));
      case 'content':
        return firstValueFrom(this.api.restoreVersion(after.id, step.versionId));
    }
  }

  private async moveBack({ before, after }: EntryChange): Promise<FileMetadata | null> {
    const place = { driveId: before.driveId, folderId: before.parentId ?? '', name: '' };
    const answer = await firstValueFrom(this.api.move(after, place));
    if (answer.kind === 'file') return answer.file;
    this.jobs.add(answer.job);
    return null;
  }
}
