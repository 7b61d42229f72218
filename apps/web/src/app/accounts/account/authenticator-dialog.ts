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
import type { AddedFactor, TotpSetup } from '@homeserver/dto';
import { ProblemLine, ShownSecret, TextField } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { FactorsApi } from '../factors-api';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { qrPath } from './qr-path';

/** An authenticator app, set up by its QR code or its secret. Closed with the `AddedFactor`. */
@Component({
  selector: 'home-authenticator-dialog',
  imports: [FormActions, DialogFrame, ProblemLine, ShownSecret, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './authenticator-dialog.html',
  styleUrls: ['../../core/forms/dialog-form.scss', './authenticator-dialog.scss'],
})
export class AuthenticatorDialog {
  protected readonly dialog = inject<DialogRef<AddedFactor>>(DialogRef);
  protected readonly code = signal('');
  protected readonly submission = new Submission(['#/code'], { 'accounts.code_wrong': '#/code' });
  protected readonly qr = qrPath(inject<TotpSetup>(DIALOG_DATA).uri);
  /** In groups, which are easier to type; apps take it with and without the spaces. */
  protected readonly secret = inject<TotpSetup>(DIALOG_DATA).secret.replace(/(.{4})(?=.)/g, '$1 ');

  private readonly api = inject(FactorsApi);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected async confirm(): Promise<void> {
    const code = this.code().replace(/\s/g, '');
    if (code === '') {
      this.submission.refuse(new Map([['#/code', 'Type the code that the app shows.']]));
    } else {
      const isDone = await this.submission.run(async () => {
        this.dialog.close(await firstValueFrom(this.api.confirmTotp(code)));
      });
      if (isDone) return;
    }
    focusFault(this.fields, this.injector);
  }
}
