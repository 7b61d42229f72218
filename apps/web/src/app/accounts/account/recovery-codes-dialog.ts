import { Clipboard } from '@angular/cdk/clipboard';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  type ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { Button, Icon } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { SessionStore } from '../../core/session-store';
import { recoveryCodesText } from './recovery-codes-text';

/** Recovery codes, shown this once, to be kept as a file, a copy or on paper. */
@Component({
  selector: 'home-recovery-codes-dialog',
  imports: [Button, DialogFrame, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './recovery-codes-dialog.html',
  styleUrl: './recovery-codes-dialog.scss',
})
export class RecoveryCodesDialog {
  protected readonly dialog = inject(DialogRef);
  protected readonly codes = inject<readonly string[]>(DIALOG_DATA);
  protected readonly copyWord = signal<'Copy' | 'Copied' | 'Selected'>('Copy');

  private readonly document = inject(DOCUMENT);
  private readonly username = inject(SessionStore).user()?.username ?? '';
  // Not navigator.clipboard: over plain HTTP, the usual way into a home server, browsers have none.
  private readonly clipboard = inject(Clipboard);
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  protected copy(): void {
    if (this.clipboard.copy(this.codes.join('\n'))) {
      this.copyWord.set('Copied');
      return;
    }
    // Nothing may be copied here: they are selected, for the keys or the menu of the browser.
    this.document.defaultView?.getSelection()?.selectAllChildren(this.list().nativeElement);
    this.copyWord.set('Selected');
  }

  protected download(): void {
    const text = recoveryCodesText(this.codes, this.username, this.document.location.host);
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = this.document.createElement('a');
    link.href = address;
    link.download = 'homeserver-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(address);
  }
}
