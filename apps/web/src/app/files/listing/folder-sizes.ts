import { DestroyRef, inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { FilesApi } from '../files-api';
import { FileListStore } from './file-list-store';
import type { FileChange } from './list-changes';

/** The server adds up what folders hold soon after a change, and bursts are worth one look. */
const LOOK_AFTER_MS = 1000;
/** From here on the whole list is asked for at once. */
const MOST_AT_ONCE = 10;

/** Keeps what the folders in the list hold at what happens in them, of which no event of theirs tells. */
@Injectable()
export class FolderSizes {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.forgetTimer());
  }

  take({ file }: FileChange): void {
    const scope = this.list.scope();
    if (file.driveId !== scope?.driveId || file.parentId === scope.folderId) return;
    this.changed.add(file.storagePath);
    this.timer ??= setTimeout(() => this.look(), LOOK_AFTER_MS);
  }

  private look(): void {
    this.forgetTimer();
    const folders = foldersAround(this.list.rows(), this.changed);
    this.changed.clear();
    if (folders.length > MOST_AT_ONCE) this.list.reload();
    else for (const folder of folders) this.refresh(folder.id);
  }

  private refresh(id: string): void {
    this.api.metadata(id).subscribe({
      next: ({ ancestors: _, ...file }) =>
        this.list.noteChanges([{ kind: 'present', file, isFresh: true }]),
      // It is gone since, or out of reach: its event, or the next list, tells.
      error: () => undefined,
    });
  }

  private forgetTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Those of the folders in which one of the paths lies. */
export function foldersAround(
  rows: readonly FileMetadata[],
  paths: ReadonlySet<string>,
): readonly FileMetadata[] {
  const around = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      around.add(path.slice(0, end));
  }
  return rows.filter(({ kind, storagePath }) => kind === 'folder' && around.has(storagePath));
}
