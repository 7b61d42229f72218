import { Dialog, type DialogRole } from '@angular/cdk/dialog';
import { createGlobalPositionStrategy } from '@angular/cdk/overlay';
import { inject, Injectable, Injector, type Type } from '@angular/core';
import { firstValueFrom } from 'rxjs';

/** Where the frame turns into that of a phone. */
const PHONE = '(max-width: 720px)';

/** The heading of each dialog has it, and names the dialog. */
export const DIALOG_TITLE_ID = 'home-dialog-title';

/**
 * Opens dialogs: in the middle of a desk, as a sheet at the foot of a phone. A page whose dialogs work with
 * services of its own provides it too.
 */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);
  /** That of the page where it provides this, so that dialogs work with its services. */
  private readonly injector = inject(Injector);

  /** @returns what it was closed with; undefined when it was closed without an answer */
  open<Answer>(component: Type<unknown>, data?: unknown): Promise<Answer | undefined> {
    return this.show<Answer>(component, data, 'dialog');
  }

  /** The same for a question that must not be missed. */
  ask<Answer>(component: Type<unknown>, data: unknown): Promise<Answer | undefined> {
    return this.show<Answer>(component, data, 'alertdialog');
  }

  private show<Answer>(
    component: Type<unknown>,
    data: unknown,
    role: DialogRole,
  ): Promise<Answer | undefined> {
    const isPhone = matchMedia(PHONE).matches;
    const position = createGlobalPositionStrategy(this.injector).centerHorizontally();
    const reference = this.dialog.open<Answer>(component, {
      data,
      role,
      injector: this.injector,
      ariaLabelledBy: DIALOG_TITLE_ID,
      ariaModal: true,
      // Each dialog marks the element that is the safest to begin with.
      autoFocus: '[data-first-focus]',
      restoreFocus: true,
      backdropClass: 'home-scrim',
      panelClass: isPhone ? 'home-sheet' : 'home-dialog',
      positionStrategy: isPhone ? position.bottom('0') : position.centerVertically(),
      width: isPhone ? '100%' : undefined,
      maxWidth: isPhone ? '100%' : '92vw',
      maxHeight: isPhone ? '88dvh' : '86dvh',
    });
    return firstValueFrom(reference.closed, { defaultValue: undefined });
  }
}
