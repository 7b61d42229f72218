import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { TagCount } from '@homeserver/dto';
import type { Subscription } from 'rxjs';

import { FilesApi } from '../files-api';

const REFRESH_AFTER_MS = 800;

/** The tags that are in use, for filters and suggestions. Without them the page works all the same. */
@Injectable()
export class TagStore {
  /** Most used first. */
  readonly tags = computed(() => this.known());

  private readonly known = signal<readonly TagCount[]>([]);
  private readonly api = inject(FilesApi);
  private request: Subscription | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.request?.unsubscribe();
      if (this.timer !== null) clearTimeout(this.timer);
    });
    this.refresh();
  }

  refresh(): void {
    this.request?.unsubscribe();
    this.request = this.api.tags().subscribe({
      next: (page) => this.known.set(page.items),
      // The tags before, or none, are shown on; the list itself says when the server is away.
      error: () => undefined,
    });
  }

  /** After a burst of changes has settled. */
  refreshSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.refresh();
    }, REFRESH_AFTER_MS);
  }
}
