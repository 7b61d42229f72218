import { inject, Injectable } from '@angular/core';

import { Dialogs } from '../dialog/dialogs';
import { ConfirmDialog } from './confirm-dialog';

/** Asks the person to prove again who they are, by password, code or passkey. */
@Injectable({ providedIn: 'root' })
export class ConfirmIdentity {
  private readonly dialogs = inject(Dialogs);
  private asking: Promise<boolean> | null = null;

  /** One question for all calls that wait for it. @returns whether they did; false when they let it be. */
  ask(): Promise<boolean> {
    return (this.asking ??= this.show().finally(() => (this.asking = null)));
  }

  private async show(): Promise<boolean> {
    return (await this.dialogs.open<boolean>(ConfirmDialog)) === true;
  }
}
