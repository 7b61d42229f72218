import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  Injector,
  signal,
  viewChildren,
} from '@angular/core';
import { type FileMetadata, nameFault } from '@homeserver/dto';
import { ProblemLine, TextField } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { type FolderPlace, FilesApi } from '../files-api';
import { UndoStack } from '../undo/undo-stack';

const NAME = '#/filename';

/** Makes a folder in another. Closed with it. */
@Component({
  selector: 'home-new-folder-dialog',
  imports: [DialogFrame, FormActions, ProblemLine, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-dialog-frame heading="New folder">
      <form id="home-new-folder-form" (submit)="$event.preventDefault(); create()">
        <home-text-field
          label="Name"
          [hint]="hint"
          [fault]="submission.fault('#/filename')"
          [(value)]="name"
        />
        @if (submission.problem(); as problem) {
          <home-problem-line [detail]="problem.detail" [requestId]="problem.requestId" />
        }
      </form>
      <home-form-actions
        actions
        form="home-new-folder-form"
        [isSending]="submission.isSending()"
        (cancelled)="dialog.close()"
      >
        Create
      </home-form-actions>
    </home-dialog-frame>
  `,
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class NewFolderDialog {
  protected readonly dialog = inject<DialogRef<FileMetadata>>(DialogRef);
  protected readonly name = signal('');
  protected readonly submission = new Submission([NAME], {
    'files.name_taken': NAME,
    'files.name_reserved': NAME,
  });

  private readonly place = inject<FolderPlace>(DIALOG_DATA);
  protected readonly hint = `It is made in “${this.place.name}”.`;
  private readonly api = inject(FilesApi);
  private readonly stack = inject(UndoStack);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected async create(): Promise<void> {
    const name = this.name();
    const fault = name === '' ? 'A folder needs a name.' : nameFault(name);
    if (fault !== null) this.submission.refuse(new Map([[NAME, fault]]));
    else {
      const isDone = await this.submission.run(async () => {
        const folder = await firstValueFrom(this.api.createFolder(this.place, name));
        const words = `The folder “${folder.filename}” was made.`;
        this.stack.push({ kind: 'final', words, advice: 'delete it instead' });
        this.dialog.close(folder);
      });
      if (isDone) return;
    }
    focusFault(this.fields, this.injector);
  }
}
