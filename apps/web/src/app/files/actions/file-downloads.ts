import { DOCUMENT, inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { Notices } from '../../core/notices';
import { canBeDownloaded, natureNote } from '../entries/entry-nature';
import { downloadAddress } from '../files-api';

/** Browsers ask, or drop some, when a page begins more downloads than a person would. */
const MOST_AT_ONCE = 20;
const BETWEEN_TWO_MS = 400;

/** Downloads files by the browser's own means, so that no byte passes through this page's memory. */
@Injectable()
export class FileDownloads {
  private readonly document = inject(DOCUMENT);
  private readonly notices = inject(Notices);

  /** One after the other, each as a download of its own. */
  async download(files: readonly FileMetadata[]): Promise<void> {
    const wanted = files.filter(canBeDownloaded);
    if (wanted.length === 0) this.explain(files);
    if (wanted.length > MOST_AT_ONCE) {
      this.notices.say(
        `At most ${MOST_AT_ONCE} files can be downloaded at once. Select fewer, please.`,
      );
      return;
    }
    for (const [index, file] of wanted.entries()) {
      if (index > 0) await pause(BETWEEN_TWO_MS);
      this.begin(file);
    }
  }

  /** Why none of them can be had. */
  private explain(files: readonly FileMetadata[]): void {
    const [only] = files;
    const note = files.length === 1 && only !== undefined ? natureNote(only) : null;
    if (files.length > 0) this.notices.say(note ?? 'Folders cannot be downloaded yet.');
  }

  private begin(file: FileMetadata): void {
    const link = this.document.createElement('a');
    link.href = downloadAddress(file.id);
    link.download = file.filename;
    link.click();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
