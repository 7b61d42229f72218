import { DestroyRef, inject, Injectable, type Signal, signal } from '@angular/core';

const TICK_MS = 10_000;

/** The time as pages need it for words such as "2 min": moves every ten seconds, and when the page is looked at again. */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly now: Signal<Date>;

  private readonly time = signal(new Date());

  constructor() {
    this.now = this.time.asReadonly();
    const tick = () => this.time.set(new Date());
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    });
  }
}
