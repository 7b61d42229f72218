import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { Drive } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { DrivesApi } from './drives-api';
import { describeProblem, type ProblemView } from './problem';

const REFRESH_MS = 60_000;
/** While a drive is being indexed, how far it has come is worth a look. */
const WHILE_SCANNING_MS = 2000;

/**
 * The drives of this server, for the frame and every page; asked for anew each minute while the
 * page is looked at, and often while one is being indexed.
 */
@Injectable({ providedIn: 'root' })
export class DrivesStore {
  private readonly api = inject(DrivesApi);
  private readonly known = signal<readonly Drive[] | null>(null);
  private readonly failure = signal<ProblemView | null>(null);

  /** null until they are known; later those of the last answer. */
  readonly drives = this.known.asReadonly();
  /** Why the last try failed; null when it did not. */
  readonly problem = this.failure.asReadonly();

  private scanTimer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    const refresh = () => {
      if (document.visibilityState === 'visible') void this.load();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.forgetScanTimer();
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
    this.lookAgainWhileScanning();
  }

  private lookAgainWhileScanning(): void {
    this.forgetScanTimer();
    if (this.known()?.some(({ index }) => index.state === 'scanning') !== true) return;
    this.scanTimer = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.load();
    }, WHILE_SCANNING_MS);
  }

  private forgetScanTimer(): void {
    if (this.scanTimer !== null) clearTimeout(this.scanTimer);
    this.scanTimer = null;
  }
}
