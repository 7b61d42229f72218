import { DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  Injector,
  signal,
  viewChildren,
} from '@angular/core';
import type { Scope } from '@homeserver/dto';
import { Button, Icon, ProblemLine, SelectField, ShownSecret, TextField } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { SessionStore } from '../../core/session-store';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { dayOf, EXPIRY_CHOICES, expiryOf, SCOPE_WORDS, scopesFor } from './token-choices';
import { TokensStore } from './tokens-store';

/** A new API token; once it is made, its secret, which is shown this once. */
@Component({
  selector: 'home-token-dialog',
  imports: [
    FormActions,
    Button,
    DialogFrame,
    Icon,
    ProblemLine,
    SelectField,
    ShownSecret,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class TokenDialog {
  protected readonly dialog = inject(DialogRef);
  protected readonly scopes = scopesFor(inject(SessionStore).user()?.role ?? 'guest').map(
    (scope) => ({ scope, ...SCOPE_WORDS[scope] }),
  );
  protected readonly expiryChoices = EXPIRY_CHOICES;
  protected readonly today = dayOf(new Date());
  protected readonly name = signal('');
  protected readonly chosen = signal<readonly Scope[]>(['files:read']);
  protected readonly expiry = signal('90');
  protected readonly day = signal('');
  /** The token itself; null until it is made. */
  protected readonly secret = signal<string | null>(null);
  protected readonly submission = new Submission(['#/name', '#/scopes', '#/expiresAt']);

  private readonly store = inject(TokensStore);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected toggle(scope: Scope): void {
    this.chosen.update((chosen) =>
      chosen.includes(scope) ? chosen.filter((other) => other !== scope) : [...chosen, scope],
    );
  }

  protected async create(): Promise<void> {
    const expiresAt = expiryOf(this.expiry(), this.day(), new Date());
    const faults = this.faultsBefore(expiresAt);
    if (faults.size > 0) this.submission.refuse(faults);
    else if (await this.submission.run(() => this.send(expiresAt ?? undefined))) return;
    focusFault(this.fields, this.injector);
  }

  private faultsBefore(expiresAt: string | undefined | null): ReadonlyMap<string, string> {
    const faults = new Map<string, string>();
    if (this.name().trim() === '') faults.set('#/name', 'A token needs a name.');
    if (this.chosen().length === 0) faults.set('#/scopes', 'Choose what it may do.');
    if (expiresAt === null) faults.set('#/expiresAt', 'Choose a day that is not over.');
    return faults;
  }

  private async send(expiresAt: string | undefined): Promise<void> {
    const until = expiresAt === undefined ? {} : { expiresAt };
    const token = { name: this.name().trim(), scopes: [...this.chosen()], ...until };
    this.secret.set(await this.store.create(token));
  }
}
