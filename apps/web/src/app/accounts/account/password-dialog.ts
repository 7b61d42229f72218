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
import { MINIMUM_PASSWORD_LENGTH } from '@homeserver/dto';
import { ProblemLine, TextField } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { SessionStore } from '../../core/session-store';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { PASSWORD_HINT } from '../people/password-words';
import { ProfileApi } from '../profile-api';

export interface PasswordDialogData {
  readonly hasPassword: boolean;
}

/** The own password, changed or set for the first time. Closed with true when it was. */
@Component({
  selector: 'home-password-dialog',
  imports: [FormActions, DialogFrame, ProblemLine, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './password-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class PasswordDialog {
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly hasPassword = inject<PasswordDialogData>(DIALOG_DATA).hasPassword;
  protected readonly username = inject(SessionStore).user()?.username ?? '';
  protected readonly hint = PASSWORD_HINT;
  protected readonly current = signal('');
  protected readonly wanted = signal('');
  protected readonly submission = new Submission(['#/currentPassword', '#/newPassword'], {
    'accounts.wrong_password': '#/currentPassword',
  });

  private readonly api = inject(ProfileApi);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected async save(): Promise<void> {
    const faults = this.faultsBefore();
    if (faults.size > 0) this.submission.refuse(faults);
    else if (await this.submission.run(() => this.send())) {
      this.dialog.close(true);
      return;
    }
    focusFault(this.fields, this.injector);
  }

  private faultsBefore(): ReadonlyMap<string, string> {
    const faults = new Map<string, string>();
    if (this.hasPassword && this.current() === '')
      faults.set('#/currentPassword', 'Type the password that you have now.');
    if (this.wanted().length < MINIMUM_PASSWORD_LENGTH)
      faults.set('#/newPassword', `A password has at least ${MINIMUM_PASSWORD_LENGTH} characters.`);
    return faults;
  }

  private async send(): Promise<void> {
    const current = this.hasPassword ? { currentPassword: this.current() } : {};
    await firstValueFrom(this.api.changePassword({ ...current, newPassword: this.wanted() }));
  }
}
