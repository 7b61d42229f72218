import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import type { User } from '@homeserver/dto';
import { bytesText, ProblemLine, TextField } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { Notices } from '../../core/notices';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { gigabytesOf, quotaOf } from './quota-words';
import { UsersStore } from './users-store';

const POINTER = '#/quotaBytes';

/** How much somebody may upload. */
@Component({
  selector: 'home-quota-dialog',
  imports: [FormActions, DialogFrame, ProblemLine, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './quota-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class QuotaDialog {
  protected readonly dialog = inject(DialogRef);
  protected readonly user = inject<User>(DIALOG_DATA);
  protected readonly used = bytesText(this.user.usedBytes);
  protected readonly gigabytes = signal(gigabytesOf(this.user.quotaBytes));
  protected readonly submission = new Submission([POINTER]);

  private readonly store = inject(UsersStore);
  private readonly notices = inject(Notices);
  private readonly field = viewChild.required(TextField);

  constructor() {
    afterNextRender(() => this.field().focus());
  }

  protected async save(): Promise<void> {
    const { id, displayName } = this.user;
    const quota = quotaOf(this.gigabytes());
    if (quota === undefined) {
      this.submission.refuse(new Map([[POINTER, 'A number of gigabytes, such as 50.']]));
    } else if (await this.submission.run(() => this.store.setQuota(id, quota))) {
      this.dialog.close();
      const words = quota === null ? 'as much as there is room' : bytesText(quota);
      this.notices.say(`${displayName} may upload ${words}.`);
      return;
    }
    this.field().focus();
  }
}
