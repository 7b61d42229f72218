import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';

const SHOWN_MS = 5000;
/** Long enough to read what happened and to want it back. */
const UNDO_MS = 10_000;

/** Short words about what was just done, at the foot of the page, read aloud too. */
@Injectable({ providedIn: 'root' })
export class Notices {
  private readonly snackBar = inject(MatSnackBar);

  say(words: string): void {
    this.snackBar.open(words, undefined, { duration: SHOWN_MS, panelClass: 'home-notice' });
  }

  offerUndo(words: string, undo: () => void): void {
    this.offer(words, 'Undo', undo);
  }

  offer(words: string, action: string, act: () => void): void {
    const notice = this.snackBar.open(words, action, {
      duration: UNDO_MS,
      panelClass: 'home-notice',
    });
    notice.onAction().subscribe(act);
  }
}
