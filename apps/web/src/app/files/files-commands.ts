import { ApplicationRef, inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { Dialogs } from '../core/dialog/dialogs';
import { FileDeletion } from './actions/file-deletion';
import { FileDownloads } from './actions/file-downloads';
import { FileRenaming } from './actions/file-renaming';
import { TagChanges } from './actions/tag-changes';
import { DetailsSheet, type SheetAnswer } from './details/details-sheet';
import { canBeOpened } from './entries/entry-nature';
import { ListCommander } from './list/list-commander';
import { SelectionStore } from './list/selection-store';
import { FolderOpener } from './listing/folder-opener';
import type { TagEdit } from './tags/tag-edits';
import { TagsDialog } from './tags/tags-dialog';

/** What can be done with the files that are selected, whichever way a person asks for it. */
@Injectable()
export class FilesCommands {
  private readonly selection = inject(SelectionStore);
  private readonly commander = inject(ListCommander);
  private readonly dialogs = inject(Dialogs);
  private readonly opener = inject(FolderOpener);
  private readonly downloads = inject(FileDownloads);
  private readonly deletion = inject(FileDeletion);
  private readonly renaming = inject(FileRenaming);
  private readonly tagChanges = inject(TagChanges);
  private readonly application = inject(ApplicationRef);

  /** Goes into the folder where the keyboard is; gives the bytes of files. */
  open(): void {
    const { activeId } = this.selection;
    const files = this.selection.files();
    const file = files.find(({ id }) => id === activeId()) ?? files[0];
    if (file === undefined) return;
    if (canBeOpened(file)) this.opener.open({ id: file.id, name: file.filename });
    else this.downloads.download(files);
  }

  download(): void {
    this.downloads.download(this.selection.files());
  }

  /** The one that is selected, or of several the one where the keyboard is. */
  async rename(): Promise<void> {
    const { activeId } = this.selection;
    const files = this.selection.files();
    const file = files.find(({ id }) => id === activeId()) ?? files[0];
    if (file === undefined) return;
    // The keyboard may be at another one.
    this.selection.only(file.id);
    await this.commander.goTo(this.selection.activeIndex(), 'select');
    this.renaming.begin(file);
    // Drawn at once: the letters that follow F2 belong to the field, not to the list.
    this.application.tick();
  }

  /** Into the trash. */
  async delete(): Promise<void> {
    await this.deletion.trash(this.selection.files());
  }

  async deleteForGood(): Promise<void> {
    await this.deletion.deleteForGood(this.selection.files());
  }

  async editTags(): Promise<void> {
    const files = this.selection.files();
    const edit = await this.dialogs.open<TagEdit>(TagsDialog, files);
    if (edit !== undefined) await this.tagChanges.edit(files, edit);
  }

  /**
   * The details of one entry as a sheet, where no pane is beside the list.
   * @returns what was done from there, if anything
   */
  async showDetails(file: FileMetadata): Promise<SheetAnswer | undefined> {
    const answer = await this.dialogs.open<SheetAnswer>(DetailsSheet, file.id);
    if (answer === 'delete') await this.deletion.trash([file]);
    if (answer === 'rename') {
      this.selection.only(file.id);
      await this.rename();
    }
    return answer;
  }
}
