import { ChangeDetectionStrategy, Component, input, model, signal, viewChild } from '@angular/core';
import { TextField } from '@homeserver/ui';

/** The code of an authenticator app, or a recovery code, for which a phone shows its letters. */
@Component({
  selector: 'home-code-field',
  imports: [TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-text-field
      #field
      name="code"
      autocomplete="one-time-code"
      [label]="isRecovery() ? 'Recovery code' : 'Code'"
      [kind]="isRecovery() ? 'text' : 'code'"
      [hint]="
        isRecovery()
          ? 'One of those that you were given to keep. Each works once.'
          : 'The six digits that your authenticator app shows now.'
      "
      [maximumLength]="40"
      [fault]="fault()"
      [(value)]="value"
    />
    <button type="button" (click)="swap()">
      {{ isRecovery() ? 'Use the authenticator app' : 'Use a recovery code instead' }}
    </button>
  `,
  styles: `
    :host {
      display: block;
    }

    button {
      min-height: 28px;
      margin-top: 4px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--accent);
      font-size: 12.5px;
      font-weight: 550;
      cursor: pointer;
    }

    button:hover {
      text-decoration: underline;
    }

    @media (pointer: coarse) {
      button {
        min-height: 44px;
        margin-top: 0;
      }
    }
  `,
})
export class CodeField {
  readonly value = model.required<string>();
  readonly fault = input<string | null>(null);

  protected readonly isRecovery = signal(false);

  private readonly field = viewChild.required(TextField);

  focus(): void {
    this.field().focus();
  }

  protected swap(): void {
    this.isRecovery.update((isRecovery) => !isRecovery);
    this.value.set('');
    this.focus();
  }
}
