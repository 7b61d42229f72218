import { inject, Injectable } from '@angular/core';
import { type FileMetadata, LEAST_KNOWN_BYTES } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { FilesApi } from '../files-api';
import { ContentHash } from './content-hash';

/** Above, reading it here takes longer than a person waits for a copy. */
const MOST_BYTES = 268_435_456;

/** Whether the server has a file already, so that its bytes need not be sent. */
@Injectable({ providedIn: 'root' })
export class KnownContents {
  private readonly api = inject(FilesApi);
  private readonly hash = inject(ContentHash);

  /**
   * A file with this name, size and content on any drive that the person may read; null when there is none.
   * Only what has the same name and size is read for it.
   */
  async findTwin(file: File): Promise<FileMetadata | null> {
    if (file.size < LEAST_KNOWN_BYTES || file.size > MOST_BYTES) return null;
    const { items } = await firstValueFrom(
      this.api.known({ size: file.size, filename: file.name }),
    );
    return this.sameOf(file, items);
  }

  /** The same in one folder, whatever its name: an upload whose answer was lost may have come to its end. */
  async findIn(folderId: string, file: File): Promise<FileMetadata | null> {
    const { items } = await firstValueFrom(this.api.known({ size: file.size, folderId }));
    return this.sameOf(file, items);
  }

  private async sameOf(file: File, found: readonly FileMetadata[]): Promise<FileMetadata | null> {
    if (!found.some(({ sha256 }) => sha256 !== null)) return null;
    const hash = await this.hash.of(file);
    return found.find(({ sha256 }) => sha256 === hash) ?? null;
  }
}
