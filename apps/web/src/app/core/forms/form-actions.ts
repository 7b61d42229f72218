import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Button } from '@homeserver/ui';

/** The two buttons of a dialog with a form: content is what its sending is called. */
@Component({
  selector: 'home-form-actions',
  imports: [Button],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button homeButton type="button" (click)="cancelled.emit()">Cancel</button>
    <button
      homeButton
      look="primary"
      type="submit"
      [attr.form]="form()"
      [attr.aria-disabled]="isSending()"
    >
      <ng-content />
    </button>
  `,
  styles: ':host { display: contents; }',
})
export class FormActions {
  /** The id of the form, which stands in the body of the dialog. */
  readonly form = input.required<string>();
  readonly isSending = input.required<boolean>();
  readonly cancelled = output();
}
