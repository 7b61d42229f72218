import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { Drive } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { DrivesApi } from './drives-api';
import { describeProblem, type ProblemView } from './problem';

const REFRESH_MS = 60_000;

/** The drives of this server, for the frame and every page; asked for anew each minute while the page is looked at. */
@Injectable({ providedIn: 'root' })
export class DrivesStore {
  private readonly api = inject(DrivesApi);
  private readonly known = signal<readonly Drive[] | null>(null);
  private readonly failure = signal<ProblemView | null>(null);

  /** null until they are known; later those of the last answer. */
  readonly drives = this.known.asReadonly();
  /** Why the last try failed; null when it did not. */
  readonly problem = this.failure.asReadonly();

  constructor() {
    const refresh = () => {
      if (document.visibilityState === 'visible') void this.load();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    });
    refresh();
  }

  /** Never rejects: what went wrong is in `problem`. */
  async load(): Promise<void> {
    try {
      const page = await firstValueFrom(this.api.list());
      this.known.set(page.items);
      this.failure.set(null);
    } catch (error) {
      this.failure.set(describeProblem(error));
    }
  }
}
