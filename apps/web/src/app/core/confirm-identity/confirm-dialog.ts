import { DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import type { FactorList } from '@homeserver/dto';
import { Button, ErrorState, Icon, ProblemLine, TextField } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { DialogFrame } from '../dialog/dialog-frame';
import { describeProblem, type ProblemView } from '../problem';
import { CodeField } from '../proof/code-field';
import { Passkeys } from '../proof/passkeys';
import { type NextField, ProofForm } from '../proof/proof-form';
import { RetryWait } from '../proof/retry-wait';
import { providerAddress, SessionApi } from '../session-api';
import { SessionStore } from '../session-store';

/** Asks for the password, a code where one is due, or a passkey. Closed with true when the person is proven. */
@Component({
  selector: 'home-confirm-dialog',
  imports: [Button, CodeField, DialogFrame, ErrorState, Icon, ProblemLine, RetryWait, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './confirm-dialog.html',
  styleUrl: './confirm-dialog.scss',
})
export class ConfirmDialog {
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly form = new ProofForm('That is not your password.', (field) =>
    this.focusField(field),
  );
  protected readonly username = computed(() => this.session.user()?.username ?? '');
  protected readonly factors = signal<FactorList | null>(null);
  protected readonly problem = signal<ProblemView | null>(null);
  protected readonly hasPasskey = computed(() => {
    const isAdded = this.factors()?.items.some((factor) => factor.kind === 'passkey') === true;
    return isAdded && this.passkeys.obstacle === null;
  });
  /** null where the person has no account there. */
  protected readonly provider = computed(() => {
    const provider = this.factors()?.identityProvider;
    if (!provider?.isLinked) return null;
    return { name: provider.name, address: providerAddress(this.router.url) };
  });

  private readonly api = inject(SessionApi);
  private readonly session = inject(SessionStore);
  private readonly passkeys = inject(Passkeys);
  private readonly router = inject(Router);
  private readonly injector = inject(Injector);
  private readonly passwordField = viewChild<TextField>('passwordField');
  private readonly codeField = viewChild(CodeField);

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.problem.set(null);
    try {
      this.factors.set(await firstValueFrom(this.api.factors()));
      this.focusField('password');
    } catch (error) {
      this.problem.set(describeProblem(error));
    }
  }

  protected async confirm(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.form.check()) return;
    await this.prove(() => firstValueFrom(this.api.confirm(this.form.proof())));
  }

  protected async confirmWithPasskey(): Promise<void> {
    await this.prove(async () => {
      const challenge = await firstValueFrom(this.api.passkeyOptions());
      const passkey = await this.passkeys.choose(challenge);
      await firstValueFrom(this.api.confirmWithPasskey(passkey));
    });
  }

  private async prove(send: () => Promise<unknown>): Promise<void> {
    if (await this.form.run(send)) this.dialog.close(true);
  }

  private focusField(field: NextField): void {
    const focus = () => (field === 'code' ? this.codeField() : this.passwordField())?.focus();
    afterNextRender({ read: focus }, { injector: this.injector });
  }
}
