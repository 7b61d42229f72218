import { computed, signal } from '@angular/core';

import { describeProblem, type ProblemView } from '../problem';

/** Something of the server that a page shows: loading, there, or not to be had. */
export class Loadable<Value> {
  /** null until it is known; later what was known last. */
  readonly value = computed(() => this.known());
  /** Why the last try to load it failed; null when it did not. */
  readonly problem = computed(() => this.failure());
  readonly isLoading = computed(() => this.known() === null && this.failure() === null);

  private readonly known = signal<Value | null>(null);
  private readonly failure = signal<ProblemView | null>(null);
  private tryNumber = 0;

  constructor(private readonly ask: () => Promise<Value>) {}

  /** Never rejects: what went wrong is in `problem`. Of two at once, the later one counts. */
  async load(): Promise<void> {
    const number = (this.tryNumber += 1);
    try {
      const value = await this.ask();
      if (number === this.tryNumber) this.set(value);
    } catch (error) {
      if (number === this.tryNumber) this.failure.set(describeProblem(error));
    }
  }

  /** Shows the skeleton again and asks anew. */
  async retry(): Promise<void> {
    this.failure.set(null);
    await this.load();
  }

  set(value: Value): void {
    // An answer that is still under way is older.
    this.tryNumber += 1;
    this.known.set(value);
    this.failure.set(null);
  }

  /** Changes what is known; nothing is where nothing is. */
  update(change: (value: Value) => Value): void {
    const value = this.known();
    if (value !== null) this.set(change(value));
  }
}
