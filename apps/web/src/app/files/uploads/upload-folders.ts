import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';

import { FilesApi } from '../files-api';
import type { UploadBatch } from './upload-batch';

/** The folders that uploads come with: each is made once, and one that is there already is used. */
@Injectable({ providedIn: 'root' })
export class UploadFolders {
  private readonly api = inject(FilesApi);
  private readonly known = new WeakMap<UploadBatch, Map<string, Promise<string>>>();

  /**
   * @param folderPath below the target of the batch, such as `Photos/2026`
   * @returns the id of the folder; null for where the server puts what names no drive
   * @throws HttpErrorResponse, such as 409 `files.name_taken` where a file has the name
   */
  async idOf(batch: UploadBatch, folderPath: string): Promise<string | null> {
    if (folderPath === '') return batch.target?.folderId ?? null;
    const known = this.known.get(batch) ?? new Map<string, Promise<string>>();
    this.known.set(batch, known);
    const before = known.get(folderPath);
    if (before !== undefined) return before;
    const made = this.make(batch, folderPath);
    known.set(folderPath, made);
    try {
      return await made;
    } catch (failure) {
      // The next try asks again.
      known.delete(folderPath);
      throw failure;
    }
  }

  private async make(batch: UploadBatch, folderPath: string): Promise<string> {
    const names = folderPath.split('/');
    const parentId = await this.idOf(batch, names.slice(0, -1).join('/'));
    const name = names.at(-1) ?? '';
    return (await firstValueFrom(this.api.useFolder(parentId, name))).id;
  }
}
