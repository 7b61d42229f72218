import { ChangeDetectionStrategy, Component, DestroyRef, inject, output } from '@angular/core';
import type { PasskeyChallenge } from '@homeserver/dto';
import { Button, Icon, ProblemLine } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { Passkeys } from '../../core/proof/passkeys';
import { ProofForm } from '../../core/proof/proof-form';
import { RetryWait } from '../../core/proof/retry-wait';
import { SessionApi } from '../../core/session-api';
import { SessionStore } from '../../core/session-store';

/** A passkey alone: by a button, and where the browser can, among what it offers to fill in at the fields. */
@Component({
  selector: 'home-passkey-entry',
  imports: [Button, Icon, ProblemLine, RetryWait],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      homeButton
      type="button"
      [disabled]="form.isSending() || form.blockedUntil() !== null"
      (click)="choose()"
    >
      <home-icon name="passkey" />Sign in with a passkey
    </button>
    @if (form.problem(); as problem) {
      <home-problem-line [detail]="problem.detail" [requestId]="problem.requestId" />
    }
    @if (form.blockedUntil(); as until) {
      <home-retry-wait [until]="until" (over)="form.blockedUntil.set(null)" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
    }

    button {
      width: 100%;
      height: 42px;
    }

    @media (pointer: coarse) {
      button {
        height: 46px;
      }
    }
  `,
})
export class PasskeyEntry {
  readonly done = output();

  protected readonly form = new ProofForm('', () => undefined);

  private readonly api = inject(SessionApi);
  private readonly session = inject(SessionStore);
  private readonly passkeys = inject(Passkeys);
  private isLeft = false;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.isLeft = true;
      void this.passkeys.stop();
    });
    void this.offer();
  }

  protected async choose(): Promise<void> {
    const isIn = await this.form.run(async () => {
      const passkey = await this.passkeys.choose(await this.challenge());
      await this.session.signInWithPasskey(passkey);
    });
    if (isIn) this.done.emit();
    // The browser's dialog has taken the place of the offer.
    else void this.offer();
  }

  private async offer(): Promise<void> {
    const passkey = await this.passkeys.offer(() => this.challenge());
    if (passkey === null || this.isLeft) return;
    const isIn = await this.form.run(() => this.session.signInWithPasskey(passkey));
    if (isIn) this.done.emit();
    else void this.offer();
  }

  private challenge(): Promise<PasskeyChallenge> {
    return firstValueFrom(this.api.passkeyOptions());
  }
}
