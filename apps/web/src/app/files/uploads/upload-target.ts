import { computed, Injectable, signal } from '@angular/core';

/** Where uploads go to, and the tags that they get. */
export interface UploadTarget {
  readonly driveId: string;
  readonly folderId: string;
  /** For a person, such as `Files`. */
  readonly name: string;
  readonly tags: readonly string[];
}

/** The folder that is open; without one, uploads go where the server puts them. */
@Injectable({ providedIn: 'root' })
export class OpenFolder {
  /** null while no folder is open. */
  readonly target = computed(() => this.current()?.() ?? null);

  private readonly current = signal<(() => UploadTarget | null) | null>(null);

  /** @returns forgets it again, when its page is left */
  open(target: () => UploadTarget | null): () => void {
    this.current.set(target);
    return () => this.current.update((now) => (now === target ? null : now));
  }
}
