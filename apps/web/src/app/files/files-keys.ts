import { inject, Injectable } from '@angular/core';

import { FilesCommands } from './files-commands';
import { FolderCommands } from './folder-commands';
import { commandOf, isAction, type ListAction } from './list/list-command';
import { FolderOpener } from './listing/folder-opener';
import { ClipboardCommands } from './transfers/clipboard-commands';
import { Undoing } from './undo/undoing';
import { FolderUploads } from './uploads/folder-uploads';

/** Where the list is not, such as in an empty folder, these keys hold all the same. */
const EVERYWHERE: ReadonlySet<ListAction> = new Set(['up', 'newFolder', 'paste', 'undo']);
/** What has keys of its own: fields, and what lies above the page. */
const APART =
  'input, textarea, select, [role=tree], [role=menu], [role=dialog], [role=alertdialog]';

/** What the keys of the files page do that are not the list's own. */
@Injectable()
export class FilesKeys {
  private readonly commands = inject(FilesCommands);
  private readonly folders = inject(FolderCommands);
  private readonly clipboard = inject(ClipboardCommands);
  private readonly opener = inject(FolderOpener);
  private readonly uploads = inject(FolderUploads);
  private readonly undoing = inject(Undoing);

  /** @returns false when it is the page's to do */
  run(action: ListAction): boolean {
    switch (action) {
      case 'open':
        this.commands.open();
        return true;
      case 'up':
        this.opener.goUp();
        return true;
      case 'rename':
        void this.commands.rename();
        return true;
      case 'newFolder':
        void this.folders.create(this.uploads.target());
        return true;
      case 'cut':
        this.clipboard.cut();
        return true;
      case 'copy':
        this.clipboard.copy();
        return true;
      case 'paste':
        void this.clipboard.paste(this.uploads.target());
        return true;
      case 'undo':
        void this.undoing.undoNewest();
        return true;
      default:
        return false;
    }
  }

  /** A key that was pressed on the page, or in the frame around it, and that nothing there took. */
  takeFromPage(event: KeyboardEvent): void {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof Element)) return;
    if (target.closest(APART) !== null) return;
    const command = commandOf(event, false);
    if (command === null || !isAction(command) || !EVERYWHERE.has(command.kind)) return;
    event.preventDefault();
    this.run(command.kind);
  }
}
