import { DialogRef } from '@angular/cdk/dialog';
import {
  ChangeDetectionStrategy,
  Component,
  inject,
  input,
  ViewEncapsulation,
} from '@angular/core';
import { Icon } from '@homeserver/ui';

import { titleIdOf } from './dialogs';

/** What all dialogs look like. Content: the body, and the buttons in an element with `actions`. */
@Component({
  selector: 'home-dialog-frame',
  imports: [Icon],
  // The scrim behind and the panel around are made by the CDK, outside of this component.
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h2 [id]="titleId">{{ heading() }}</h2>
      @if (closable()) {
        <button type="button" class="close" aria-label="Close" (click)="dialog.close()">
          <home-icon name="close" />
        </button>
      }
    </header>
    <div class="content"><ng-content /></div>
    <footer><ng-content select="[actions]" /></footer>
  `,
  styleUrl: './dialog-frame.scss',
})
export class DialogFrame {
  readonly heading = input.required<string>();
  readonly closable = input(false);

  protected readonly dialog = inject(DialogRef);
  protected readonly titleId = titleIdOf(this.dialog);
}
