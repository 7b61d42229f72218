import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  Injector,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Button, ProblemLine, TextField } from '@homeserver/ui';

import { CodeField } from '../../core/proof/code-field';
import { type NextField, ProofForm } from '../../core/proof/proof-form';
import { RetryWait } from '../../core/proof/retry-wait';
import { SessionStore } from '../../core/session-store';

/** User name and password; then, where a second factor is due, the code in their place. */
@Component({
  selector: 'home-password-entry',
  imports: [Button, CodeField, ProblemLine, RetryWait, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './password-entry.html',
  styleUrl: './password-entry.scss',
})
export class PasswordEntry {
  readonly done = output();

  protected readonly form = new ProofForm('The user name or the password is not right.', (field) =>
    this.focusField(field),
  );
  protected readonly username = signal('');
  protected readonly usernameFault = signal<string | null>(null);

  private readonly session = inject(SessionStore);
  private readonly injector = inject(Injector);
  private readonly usernameField = viewChild<TextField>('usernameField');
  private readonly passwordField = viewChild<TextField>('passwordField');
  private readonly codeField = viewChild(CodeField);

  constructor() {
    // Who was here until now most likely goes on.
    this.username.set(this.session.formerUser()?.username ?? '');
    this.focusStart();
  }

  protected async signIn(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.check()) return;
    const username = this.username().trim();
    const isIn = await this.form.run(() => this.session.signIn({ username, ...this.form.proof() }));
    if (isIn) this.done.emit();
  }

  protected startOver(): void {
    this.form.startOver();
    this.username.set('');
    this.focusStart();
  }

  private check(): boolean {
    this.usernameFault.set(null);
    if (this.username().trim() !== '') return this.form.check();
    this.usernameFault.set('Say who you are.');
    this.afterDrawn(() => this.usernameField()?.focus());
    return false;
  }

  private focusStart(): void {
    const isNamed = this.username() !== '';
    this.afterDrawn(() => (isNamed ? this.passwordField() : this.usernameField())?.focus());
  }

  private focusField(field: NextField): void {
    this.afterDrawn(() => (field === 'code' ? this.codeField() : this.passwordField())?.focus());
  }

  private afterDrawn(action: () => void): void {
    afterNextRender({ read: action }, { injector: this.injector });
  }
}
