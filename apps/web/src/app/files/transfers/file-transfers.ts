import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { Notices } from '../../core/notices';
import { BulkWork } from '../actions/bulk-work';
import { countOfEntries } from '../entries/entry-count';
import { type FolderPlace, FilesApi, type TransferAnswer } from '../files-api';
import { FileListStore } from '../listing/file-list-store';

interface Moved {
  /** As it is now. */
  readonly file: FileMetadata;
  readonly before: FolderPlace;
}

/** Moves and copies entries. What takes long goes on in the background. Nothing here rejects: what failed is told. */
@Injectable()
export class FileTransfers {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly work = inject(BulkWork);
  private readonly jobs = inject(JobsStore);
  private readonly notices = inject(Notices);

  async move(files: readonly FileMetadata[], place: FolderPlace): Promise<void> {
    const wanted = files.filter(({ id, parentId }) => canGo(id, parentId, place));
    if (wanted.length === 0) return;
    const moved = await this.moveAll(wanted, place);
    if (moved.length === 0) return;
    const words = `${nameOf(moved.map(({ file }) => file))} moved to ${place.name}.`;
    this.notices.offerUndo(words, () => void this.moveBack(moved));
  }

  async copy(files: readonly FileMetadata[], place: FolderPlace): Promise<void> {
    const copies: FileMetadata[] = [];
    await this.work.run({
      verb: 'Copying',
      participle: 'copied',
      files,
      act: async ({ id }) => {
        const copy = this.take(await firstValueFrom(this.api.copy(id, place)));
        if (copy !== null) copies.push(copy);
      },
    });
    this.list.applyNow([]);
    if (copies.length > 0) this.notices.say(`${nameOf(copies)} copied to ${place.name}.`);
  }

  private async moveAll(files: readonly FileMetadata[], place: FolderPlace): Promise<Moved[]> {
    const moved: Moved[] = [];
    await this.work.run({
      verb: 'Moving',
      participle: 'moved',
      files,
      act: async (file) => {
        const now = this.take(await firstValueFrom(this.api.move(file, place)));
        if (now !== null) moved.push({ file: now, before: placeOf(file) });
      },
    });
    // What is left is in sight now, so that the keyboard goes to what stays.
    this.list.applyNow([]);
    return moved;
  }

  private async moveBack(moved: readonly Moved[]): Promise<void> {
    const places = new Map(moved.map(({ before }) => [before.folderId, before]));
    for (const place of places.values()) {
      const files = moved.filter(({ before }) => before.folderId === place.folderId);
      await this.moveAll(
        files.map(({ file }) => file),
        place,
      );
    }
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

function placeOf({ driveId, parentId }: FileMetadata): FolderPlace {
  return { driveId, folderId: parentId ?? '', name: '' };
}

function nameOf(files: readonly FileMetadata[]): string {
  const [only] = files;
  return files.length === 1 && only !== undefined ? `“${only.filename}”` : countOfEntries(files);
}
