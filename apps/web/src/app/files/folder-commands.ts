import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { Dialogs } from '../core/dialog/dialogs';
import type { FolderPlace } from './files-api';
import { ListCommander } from './list/list-commander';
import { SelectionStore } from './list/selection-store';
import { ListFocus } from './list-focus';
import { ChangePermission } from './listing/change-permission';
import { FileListStore } from './listing/file-list-store';
import { FolderPicker, type PickerTask } from './transfers/folder-picker';
import { FileTransfers } from './transfers/file-transfers';
import { NewFolderDialog } from './transfers/new-folder-dialog';

/** Makes folders, and puts what is selected into others. */
@Injectable()
export class FolderCommands {
  private readonly selection = inject(SelectionStore);
  private readonly list = inject(FileListStore);
  private readonly commander = inject(ListCommander);
  private readonly dialogs = inject(Dialogs);
  private readonly transfers = inject(FileTransfers);
  private readonly permission = inject(ChangePermission);
  private readonly focus = inject(ListFocus);

  /** @param place the open folder; null while it is not known */
  async create(place: FolderPlace | null): Promise<void> {
    if (place === null || !this.permission.toChange()) return;
    const folder = await this.dialogs.open<FileMetadata>(NewFolderDialog, place);
    if (folder === undefined) return;
    this.list.applyNow([{ kind: 'present', file: folder }]);
    const index = this.list.rows().findIndex(({ id }) => id === folder.id);
    if (index !== -1) await this.commander.goTo(index, 'select');
    this.focus.toList();
  }

  async move(): Promise<void> {
    if (!this.permission.toChange()) return;
    const files = this.selection.files();
    const place = await this.pick({ verb: 'Move', files });
    if (place !== undefined) await this.transfers.move(files, place);
    this.focus.toList();
  }

  async copy(): Promise<void> {
    const files = this.selection.files();
    const place = await this.pick({ verb: 'Copy', files });
    if (place !== undefined) await this.transfers.copy(files, place);
    this.focus.toList();
  }

  private async pick(task: PickerTask): Promise<FolderPlace | undefined> {
    if (task.files.length === 0) return undefined;
    return this.dialogs.open<FolderPlace>(FolderPicker, task);
  }
}
