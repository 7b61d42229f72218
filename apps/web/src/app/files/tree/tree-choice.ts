import { computed, inject, Injectable, signal } from '@angular/core';

import { PaneRoom } from '../details/pane-room';

const STORAGE_KEY = 'homeserver.folder-tree';

/** Whether the tree of folders is wanted beside the list. What was chosen in this browser stays. */
@Injectable({ providedIn: 'root' })
export class TreeChoice {
  private readonly room = inject(PaneRoom);
  private readonly chosen = signal<boolean | null>(remembered());

  readonly hasRoom = this.room.hasPane;
  /** Without a choice it stands where it leaves the list enough room. */
  readonly isShown = computed(() => this.hasRoom() && (this.chosen() ?? this.room.hasTreeRoom()));

  toggle(): void {
    const isWanted = !this.isShown();
    this.chosen.set(isWanted);
    try {
      localStorage.setItem(STORAGE_KEY, String(isWanted));
    } catch {
      // Storage is off in this browser: the choice holds until the page is left.
    }
  }
}

function remembered(): boolean | null {
  try {
    const text = localStorage.getItem(STORAGE_KEY);
    return text === null ? null : text === 'true';
  } catch {
    // Storage is off in this browser.
    return null;
  }
}
