import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Button } from '@homeserver/ui';

import { DialogFrame } from '../dialog/dialog-frame';

/** A question before something that has no way back. */
export interface Question {
  /** `Delete the token “Backup script”?` */
  readonly heading: string;
  /** What happens then. */
  readonly text: string;
  /** The word on the button that does it. */
  readonly consent: string;
}

/** Asks a `Question`. Closed with true when it is to be done. */
@Component({
  selector: 'home-ask-dialog',
  imports: [Button, DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-dialog-frame [heading]="question.heading">
      <p>{{ question.text }}</p>
      <ng-container actions>
        <button homeButton type="button" data-first-focus (click)="dialog.close(false)">
          Cancel
        </button>
        <button homeButton look="danger" type="button" (click)="dialog.close(true)">
          {{ question.consent }}
        </button>
      </ng-container>
    </home-dialog-frame>
  `,
  styles: `
    p {
      color: var(--muted);
    }
  `,
})
export class AskDialog {
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly question = inject<Question>(DIALOG_DATA);
}
