import { computed, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

/** What was cut or copied, to be put down in another folder. */
export interface Clipping {
  readonly mode: 'cut' | 'copy';
  readonly files: readonly FileMetadata[];
}

/** What the keys for cut, copy and paste work with. It holds while the app is open, whichever folder is. */
@Injectable({ providedIn: 'root' })
export class FileClipboard {
  readonly clipping = computed(() => this.held());
  /** Those that go away from where they are when they are put down. */
  readonly cutIds = computed<ReadonlySet<string>>(() => {
    const clipping = this.held();
    return new Set(clipping?.mode === 'cut' ? clipping.files.map(({ id }) => id) : []);
  });

  private readonly held = signal<Clipping | null>(null);

  hold(mode: Clipping['mode'], files: readonly FileMetadata[]): void {
    this.held.set(files.length === 0 ? null : { mode, files });
  }

  clear(): void {
    this.held.set(null);
  }
}
