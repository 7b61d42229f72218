import { inject, Injectable } from '@angular/core';

import { Notices } from '../../core/notices';
import { countOfEntries } from '../entries/entry-count';
import type { FolderPlace } from '../files-api';
import { SelectionStore } from '../list/selection-store';
import { ChangePermission } from '../listing/change-permission';
import { FileClipboard } from './file-clipboard';
import { FileTransfers } from './file-transfers';

/** Cut, copy and paste of what is selected. */
@Injectable()
export class ClipboardCommands {
  private readonly selection = inject(SelectionStore);
  private readonly clipboard = inject(FileClipboard);
  private readonly transfers = inject(FileTransfers);
  private readonly permission = inject(ChangePermission);
  private readonly notices = inject(Notices);

  cut(): void {
    if (this.permission.toChange()) this.hold('cut', 'cut');
  }

  copy(): void {
    this.hold('copy', 'copied');
  }

  /** Puts down what is held in the open folder. */
  async paste(place: FolderPlace | null): Promise<void> {
    const clipping = this.clipboard.clipping();
    if (clipping === null || place === null || !this.permission.toChange()) return;
    if (clipping.mode === 'copy') return this.transfers.copy(clipping.files, place);
    this.clipboard.clear();
    await this.transfers.move(clipping.files, place);
  }

  private hold(mode: 'cut' | 'copy', participle: string): void {
    const files = this.selection.files();
    if (files.length === 0) return;
    this.clipboard.hold(mode, files);
    this.notices.say(`${countOfEntries(files)} ${participle}. Open a folder, then paste.`);
  }
}
