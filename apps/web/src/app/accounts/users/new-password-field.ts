import { ChangeDetectionStrategy, Component, input, model, signal, viewChild } from '@angular/core';
import { Button, ShownSecret, TextField } from '@homeserver/ui';

import { makePassword } from '../people/made-password';
import { PASSWORD_HINT } from '../people/password-words';

/** A password for somebody else: typed, or made here and shown. */
@Component({
  selector: 'home-new-password-field',
  imports: [Button, ShownSecret, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isMade()) {
      <p class="label">Password</p>
      <home-shown-secret label="Password" [secret]="value()" />
      <p class="note">
        Tell it to them. They can change it on their account page.
        <button type="button" (click)="typeInstead()">Type one instead</button>
      </p>
    } @else {
      <div class="typed">
        <home-text-field
          label="Password"
          kind="password"
          name="newPassword"
          autocomplete="new-password"
          [hint]="hint"
          [fault]="fault()"
          [(value)]="value"
        />
        <button homeButton type="button" (click)="make()">Make one</button>
      </div>
    }
  `,
  styles: `
    .typed {
      display: flex;
      align-items: flex-start;
      gap: 8px;
    }

    home-text-field {
      flex: 1;
    }

    .typed button {
      margin-top: 24px;
    }

    .label {
      margin-bottom: 6px;
      color: var(--muted);
      font-size: 12.5px;
      font-weight: 550;
    }

    .note {
      margin-top: 6px;
      color: var(--muted);
      font-size: 12.5px;
    }

    .note button {
      min-height: 24px;
      padding: 0 2px;
      border: 0;
      background: none;
      color: var(--accent);
      font-weight: 550;
      cursor: pointer;
    }
  `,
})
export class NewPasswordField {
  readonly value = model.required<string>();
  readonly fault = input<string | null>(null);

  protected readonly hint = PASSWORD_HINT;
  protected readonly isMade = signal(false);

  private readonly field = viewChild(TextField);

  focus(): void {
    this.field()?.focus();
  }

  protected make(): void {
    this.value.set(makePassword());
    this.isMade.set(true);
  }

  protected typeInstead(): void {
    this.value.set('');
    this.isMade.set(false);
  }
}
