import { inject, Injectable } from '@angular/core';
import { type Conflict, type FileMetadata, LEAST_KNOWN_BYTES } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { splitName } from '../entries/entry-name';
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
    return (await this.sameOf(file, items))[0] ?? null;
  }

  /**
   * What an upload to a folder may have become whose answer was lost. It bears its own name, or one with a number
   * where the server was to find a free one: a file with the same content and another name is another file.
   */
  async findIn(folderId: string, file: File, conflict: Conflict): Promise<readonly FileMetadata[]> {
    const { name, size } = file;
    const isRenamed = conflict === 'rename';
    const wanted = isRenamed ? { size, folderId } : { size, folderId, filename: name };
    const { items } = await firstValueFrom(this.api.known(wanted));
    return this.sameOf(
      file,
      items.filter(({ filename }) => (isRenamed ? isNumbered(filename, name) : filename === name)),
    );
  }

  private async sameOf(
    file: File,
    found: readonly FileMetadata[],
  ): Promise<readonly FileMetadata[]> {
    if (!found.some(({ sha256 }) => sha256 !== null)) return [];
    const hash = await this.hash.of(file);
    return found.filter(({ sha256 }) => sha256 === hash);
  }
}

/** Whether a name is one that the server gives where another one is taken: `a (2).txt` for `a.txt`. */
function isNumbered(filename: string, taken: string): boolean {
  const { stem, extension } = splitName(taken);
  const middle = filename.slice(stem.length, filename.length - extension.length);
  return filename.startsWith(stem) && filename.endsWith(extension) && /^ \(\d+\)$/.test(middle);
}
