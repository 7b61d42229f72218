import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { newPasswordSchema, type User } from '@homeserver/dto';
import { ProblemLine } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { Notices } from '../../core/notices';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { NewPasswordField } from './new-password-field';
import { UsersStore } from './users-store';

/** A new password for somebody who has lost theirs. */
@Component({
  selector: 'home-reset-password-dialog',
  imports: [FormActions, DialogFrame, NewPasswordField, ProblemLine],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './reset-password-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class ResetPasswordDialog {
  protected readonly dialog = inject(DialogRef);
  protected readonly user = inject<User>(DIALOG_DATA);
  protected readonly password = signal('');
  protected readonly submission = new Submission(['#/password']);

  private readonly store = inject(UsersStore);
  private readonly notices = inject(Notices);
  private readonly field = viewChild.required(NewPasswordField);

  protected async save(): Promise<void> {
    const parsed = newPasswordSchema.safeParse(this.password());
    if (!parsed.success) {
      this.submission.refuse(new Map([['#/password', parsed.error.issues[0]?.message ?? '']]));
    } else if (
      await this.submission.run(() => this.store.setPassword(this.user.id, this.password()))
    ) {
      this.dialog.close();
      this.notices.say(
        `${this.user.displayName} has a new password, and is signed out everywhere.`,
      );
      return;
    }
    this.field().focus();
  }
}
