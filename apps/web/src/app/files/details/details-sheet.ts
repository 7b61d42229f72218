import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Icon } from '@homeserver/ui';

import { titleIdOf } from '../../core/dialog/dialogs';
import { FileListStore } from '../listing/file-list-store';
import { FileDetails } from './file-details';

/** What the person asked for in the sheet, which closes for it. */
export type SheetAnswer = 'rename' | 'delete';

/** The details of one entry where there is no room for a pane beside the list. */
@Component({
  selector: 'home-details-sheet',
  imports: [FileDetails, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      type="button"
      class="close"
      aria-label="Close"
      data-first-focus
      (click)="dialog.close()"
    >
      <home-icon name="close" />
    </button>
    @if (file(); as entry) {
      <home-file-details
        [file]="entry"
        [headingId]="titleId"
        (opened)="dialog.close()"
        (claimed)="id.set($event.id)"
        (renameAsked)="dialog.close('rename')"
        (deleteAsked)="dialog.close('delete')"
      />
    } @else {
      <p [id]="titleId">This file is not there any more.</p>
    }
  `,
  styleUrl: './details-sheet.scss',
})
export class DetailsSheet {
  protected readonly dialog = inject<DialogRef<SheetAnswer>>(DialogRef);
  protected readonly titleId = titleIdOf(this.dialog);
  protected readonly id = signal(inject<string>(DIALOG_DATA));
  protected readonly file = computed(() => this.list.entry(this.id()));

  private readonly list = inject(FileListStore);
}
