import { DOCUMENT, inject, Injectable } from '@angular/core';
import type { FileMetadata, FileVersion } from '@homeserver/dto';

import { Notices } from '../../core/notices';
import { canBeDownloaded, natureNote } from '../entries/entry-nature';
import { archiveAddress, downloadAddress, versionAddress } from '../files-api';

/** As many as an archive takes. */
const MOST_AT_ONCE = 200;

/** Downloads by the browser's own means, so that no byte passes through this page's memory. */
@Injectable()
export class FileDownloads {
  private readonly document = inject(DOCUMENT);
  private readonly notices = inject(Notices);

  /** A file as it is; a folder, and several of either kind, as one archive. */
  download(files: readonly FileMetadata[]): void {
    const wanted = files.filter(canBeDownloaded);
    const [first] = wanted;
    if (first === undefined) this.explain(files);
    else if (wanted.length > MOST_AT_ONCE)
      this.notices.say(
        `At most ${MOST_AT_ONCE} files and folders can be downloaded at once. Select fewer, or the folder that they are in.`,
      );
    else if (wanted.length === 1 && first.kind === 'file') this.begin(downloadAddress(first.id));
    else this.begin(archiveAddress(wanted));
  }

  /** A file as it was. */
  downloadVersion({ fileId, id }: FileVersion): void {
    this.begin(versionAddress(fileId, id));
  }

  /** Why none of them can be had. */
  private explain([only]: readonly FileMetadata[]): void {
    if (only === undefined) return;
    this.notices.say(natureNote(only) ?? 'None of these can be downloaded.');
  }

  private begin(address: string): void {
    const link = this.document.createElement('a');
    link.href = address;
    // The name is what the answer says.
    link.download = '';
    link.click();
  }
}
