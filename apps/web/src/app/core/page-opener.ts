import { DOCUMENT } from '@angular/common';
import { inject, Injectable } from '@angular/core';

/** Loads the app anew, so that nothing of another person stays in its memory. */
@Injectable({ providedIn: 'root' })
export class PageOpener {
  private readonly document = inject(DOCUMENT);

  /** @param path of this app, such as `/files` */
  open(path: string): void {
    this.document.location.assign(path);
  }
}
