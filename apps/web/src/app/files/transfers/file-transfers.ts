import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { BulkWork } from '../actions/bulk-work';
import { nameEntries } from '../entries/entry-count';
import { type FolderPlace, FilesApi, type TransferAnswer } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { UndoStack } from '../undo/undo-stack';
import { begunStep, type EntryChange } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';

const MOVE_BACK = {
  one: 'move it back when it is there',
  many: 'move them back when they are there',
};
const DELETE_COPY = {
  one: 'delete the copy when it is there',
  many: 'delete the copies when they are there',
};

/** Moves and copies entries. What takes long goes on in the background. Nothing here rejects: what failed is told. */
@Injectable()
export class FileTransfers {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly work = inject(BulkWork);
  private readonly jobs = inject(JobsStore);
  private readonly undoing = inject(Undoing);
  private readonly stack = inject(UndoStack);

  async move(files: readonly FileMetadata[], place: FolderPlace): Promise<void> {
    const wanted = files.filter(({ id, parentId }) => canGo(id, parentId, place));
    if (wanted.length === 0) return;
    const changes: EntryChange[] = [];
    const begun: FileMetadata[] = [];
    await this.work.run({
      verb: 'Moving',
      participle: 'moved',
      files: wanted,
      act: async (before) => {
        const after = this.take(await firstValueFrom(this.api.move(before, place)));
        if (after === null) begun.push(before);
        else changes.push({ before, after });
      },
    });
    // What is left is in sight now, so that the keyboard goes to what stays.
    this.list.applyNow([]);
    this.noteBegun(begun, `moved to ${place.name}`, MOVE_BACK);
    if (changes.length === 0) return;
    const words = `${nameEntries(changes.map(({ after }) => after))} moved to ${place.name}.`;
    this.undoing.offer({ kind: 'move', words, changes });
  }

  async copy(files: readonly FileMetadata[], place: FolderPlace): Promise<void> {
    const copies: FileMetadata[] = [];
    const begun: FileMetadata[] = [];
    await this.work.run({
      verb: 'Copying',
      participle: 'copied',
      files,
      act: async (file) => {
        const copy = this.take(await firstValueFrom(this.api.copy(file.id, place)));
        if (copy === null) begun.push(file);
        else copies.push(copy);
      },
    });
    this.list.applyNow([]);
    this.noteBegun(begun, `copied to ${place.name}`, DELETE_COPY);
    if (copies.length === 0) return;
    const what = copies.length === 1 ? 'the copy' : 'the copies';
    this.undoing.tell(`${nameEntries(copies)} copied to ${place.name}.`, `delete ${what} instead`);
  }

  /** Its job tells of it in the background: all that is kept here is that no key undoes it. */
  private noteBegun(
    files: readonly FileMetadata[],
    participle: string,
    advice: typeof MOVE_BACK,
  ): void {
    if (files.length > 0) this.stack.push(begunStep(files, participle, advice));
  }

  /** @returns what is in its place now; null while that is still to be done in the background */
  private take(answer: TransferAnswer): FileMetadata | null {
    if (answer.kind === 'job') {
      this.jobs.add(answer.job);
      return null;
    }
    this.list.noteChanges([{ kind: 'present', file: answer.file }]);
    return answer.file;
  }
}

/** Not where it is already, and not into itself. */
function canGo(id: string, parentId: string | null, { folderId }: FolderPlace): boolean {
  return parentId !== folderId && id !== folderId;
}
