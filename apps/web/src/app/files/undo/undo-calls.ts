import { HttpErrorResponse } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom, switchMap, throwError } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { FilesApi } from '../files-api';
import { TrashApi } from '../trash/trash-api';
import type { EntryChange, UndoStep } from './undo-step';

const CHANGED_SINCE = {
  code: 'files.stale',
  detail: 'It was changed since, and stays as it is.',
};

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
        return this.restoreContent(after, step.versionId);
    }
  }

  /** @returns the entry as it is now where that is undone already; null where it is not, or nobody knows */
  async findUndone({ kind }: UndoStep, { before }: EntryChange): Promise<FileMetadata | null> {
    try {
      const { ancestors: _, ...now } = await firstValueFrom(this.api.metadata(before.id));
      return isUndone(kind, before, now) ? now : null;
    } catch {
      // Gone, or out of reach: what refused the undo is then all that is known.
      return null;
    }
  }

  /** The call itself takes whatever is there: what somebody else has saved since is asked for. */
  private restoreContent({ id, version }: FileMetadata, versionId: string): Promise<FileMetadata> {
    const changed = () => new HttpErrorResponse({ status: 412, error: CHANGED_SINCE });
    const restored = this.api
      .metadata(id)
      .pipe(
        switchMap((now) =>
          now.version === version
            ? this.api.restoreVersion(id, versionId)
            : throwError(() => changed()),
        ),
      );
    return firstValueFrom(restored);
  }

  private async moveBack({ before, after }: EntryChange): Promise<FileMetadata | null> {
    const place = { driveId: before.driveId, folderId: before.parentId ?? '', name: '' };
    const answer = await firstValueFrom(this.api.move(after, place));
    if (answer.kind === 'file') return answer.file;
    this.jobs.add(answer.job);
    return null;
  }
}

/** Whether an entry is as before in what the action concerned; all else may have changed. */
function isUndone(kind: UndoStep['kind'], before: FileMetadata, now: FileMetadata): boolean {
  switch (kind) {
    case 'trash':
      return true;
    case 'move':
      return now.driveId === before.driveId && now.parentId === before.parentId;
    case 'rename':
      return now.filename === before.filename;
    case 'tags':
      return JSON.stringify(now.tags) === JSON.stringify(before.tags);
    case 'content':
      return now.sha256 !== null && now.sha256 === before.sha256;
  }
}
