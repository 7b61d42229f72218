import { DestroyRef, inject, Injectable, signal } from '@angular/core';

/** From here on the details stand beside the list; the page's styles say the same. */
const WIDE = '(min-width: 1180px)';

/** Whether there is room for the details beside the list. */
@Injectable({ providedIn: 'root' })
export class PaneRoom {
  private readonly room = signal(false);

  readonly hasPane = this.room.asReadonly();

  constructor() {
    const query = matchMedia(WIDE);
    const look = () => this.room.set(query.matches);
    query.addEventListener('change', look);
    inject(DestroyRef).onDestroy(() => query.removeEventListener('change', look));
    look();
  }
}
