import { DestroyRef, inject, Injectable, type Signal, signal } from '@angular/core';

/** From here on the details stand beside the list; the page's styles say the same. */
const WIDE = '(min-width: 1180px)';

/** From here on a tree of folders leaves the list enough room, too. */
const WIDEST = '(min-width: 1400px)';
/** Where the frame turns into that of a phone. */
const PHONE = '(max-width: 720px)';

/** What there is room for in the window. */
@Injectable({ providedIn: 'root' })
export class PaneRoom {
  private readonly destroy = inject(DestroyRef);

  /** Whether the details, or the tree of folders, fit beside the list. */
  readonly hasPane = this.watch(WIDE);
  readonly hasTreeRoom = this.watch(WIDEST);
  readonly isPhone = this.watch(PHONE);

  private watch(condition: string): Signal<boolean> {
    const query = matchMedia(condition);
    const matches = signal(query.matches);
    const look = () => matches.set(query.matches);
    query.addEventListener('change', look);
    this.destroy.onDestroy(() => query.removeEventListener('change', look));
    return matches.asReadonly();
  }
}
