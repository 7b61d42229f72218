import { computed, inject, Injectable, linkedSignal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { SessionStore } from '../../core/session-store';

/** What was cut or copied, to be put down in another folder. */
export interface Clipping {
  readonly mode: 'cut' | 'copy';
  readonly files: readonly FileMetadata[];
}

/**
 * What the keys for cut, copy and paste work with. It holds while the app is open, whichever folder is, and for the
 * person who is signed in.
 */
@Injectable({ providedIn: 'root' })
export class FileClipboard {
  readonly clipping = computed(() => this.held());
  /** Those that go away from where they are when they are put down. */
  readonly cutIds = computed<ReadonlySet<string>>(() => {
    const clipping = this.held();
    return new Set(clipping?.mode === 'cut' ? clipping.files.map(({ id }) => id) : []);
  });

  private readonly session = inject(SessionStore);
  private readonly held = linkedSignal<string | null, Clipping | null>({
    // Computed, so that only another person counts: the same one is told anew whenever the page is looked at.
    source: computed(() => this.session.user()?.id ?? null),
    computation: () => null,
  });

  hold(mode: Clipping['mode'], files: readonly FileMetadata[]): void {
    this.held.set(files.length === 0 ? null : { mode, files });
  }

  clear(): void {
    this.held.set(null);
  }
}
