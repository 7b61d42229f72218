import { DestroyRef, inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';

const SHOWN_MS = 5000;
/** Long enough to read what happened and to want it back. */
const UNDO_MS = 10_000;

/**
 * Short words about what was just done, at the foot of the page, read aloud too. They go with the page:
 * what they speak of is out of sight then.
 */
@Injectable()
export class Notices {
  private readonly snackBar = inject(MatSnackBar);

  constructor() {
    inject(DestroyRef).onDestroy(() => this.snackBar.dismiss());
  }

  say(words: string): void {
    this.snackBar.open(words, undefined, { duration: SHOWN_MS, panelClass: 'home-notice' });
  }

  offerUndo(words: string, undo: () => void): void {
    this.offer(words, 'Undo', undo);
  }

  /** @param action a word or two for what can be done about it */
  offer(words: string, action: string, act: () => void): void {
    const settings = { duration: UNDO_MS, panelClass: 'home-notice' };
    const before = document.activeElement;
    const take = () => {
      // The button goes when it is pressed: the keyboard returns to where it was.
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      act();
    };
    this.snackBar.open(words, action, settings).onAction().subscribe(take);
  }
}
