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
import type { AddedFactor, PasskeyChallenge } from '@homeserver/dto';
import { ProblemLine, TextField } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { deviceOf } from './device';
import { PasskeyMaker, PasskeyRefused } from './passkey-maker';

/** A new passkey and its name. Closed with the `AddedFactor`. */
@Component({
  selector: 'home-passkey-dialog',
  imports: [FormActions, DialogFrame, ProblemLine, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './passkey-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class PasskeyDialog {
  protected readonly dialog = inject<DialogRef<AddedFactor>>(DialogRef);
  protected readonly name = signal(deviceOf(navigator.userAgent).name);
  protected readonly submission = new Submission(['#/name']);
  protected readonly refusal = signal<string | null>(null);

  private readonly passkeys = inject(PasskeyMaker);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);
  /** A challenge counts once; it is there before the button, since some browsers allow no wait after a press. */
  private challenge: PasskeyChallenge | null = inject<PasskeyChallenge>(DIALOG_DATA);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected async create(): Promise<void> {
    this.refusal.set(null);
    if (this.name().trim() === '') {
      this.submission.refuse(new Map([['#/name', 'A passkey needs a name.']]));
    } else if (await this.submission.run(() => this.send())) return;
    focusFault(this.fields, this.injector);
  }

  private async send(): Promise<void> {
    const challenge = this.challenge ?? (await this.passkeys.begin());
    this.challenge = null;
    try {
      this.dialog.close(await this.passkeys.create(challenge, this.name().trim()));
    } catch (error) {
      if (!(error instanceof PasskeyRefused)) throw error;
      this.refusal.set(error.message);
    }
  }
}
