import { Dialog, type DialogRef, type DialogRole } from '@angular/cdk/dialog';
import { createGlobalPositionStrategy } from '@angular/cdk/overlay';
import { inject, Injectable, Injector, type Type } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';
import { filter, firstValueFrom, takeUntil } from 'rxjs';

/** Where the frame turns into that of a phone. */
const PHONE = '(max-width: 720px)';

/** The heading of a dialog has it, and names the dialog: one may be open over another. */
export function titleIdOf(dialog: { readonly id: string }): string {
  return `${dialog.id}-title`;
}

let nextNumber = 0;

/**
 * Opens dialogs: in the middle of a desk, as a sheet at the foot of a phone. A page whose dialogs work with
 * services of its own provides it too.
 */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);
  /** That of the page where it provides this, so that dialogs work with its services. */
  private readonly injector = inject(Injector);
  private readonly router = inject(Router);

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
    const id = `home-dialog-${(nextNumber += 1)}`;
    const reference = this.dialog.open<Answer>(component, {
      id,
      data,
      role,
      injector: this.injector,
      ariaLabelledBy: titleIdOf({ id }),
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
    this.closeWithPage(reference);
    return firstValueFrom(reference.closed, { defaultValue: undefined });
  }

  /** When another page comes, such as the sign-in since the session has ended, there is nothing left to answer. */
  private closeWithPage<Answer>(reference: DialogRef<Answer>): void {
    const path = pathOf(this.router.url);
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        filter((event) => pathOf(event.urlAfterRedirects) !== path),
        takeUntil(reference.closed),
      )
      .subscribe(() => reference.close());
  }
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}
