import { computed, inject, Injectable, linkedSignal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { SessionStore } from '../../core/session-store';
import type { EntryChange, PastStep } from './undo-step';

/** As far back as a person still knows what they did. */
const MOST_STEPS = 20;

/** The last actions of the person who is signed in, while the app is open. They are nobody else's to undo. */
@Injectable({ providedIn: 'root' })
export class UndoStack {
  /** What was done last; null when nothing was, or all of it is undone. */
  readonly newest = computed(() => this.steps().at(-1) ?? null);

  private readonly session = inject(SessionStore);
  private readonly steps = linkedSignal<string | null, readonly PastStep[]>({
    // Computed, so that only another person counts: the same one is told anew whenever the page is looked at.
    source: computed(() => this.session.user()?.id ?? null),
    computation: () => [],
  });

  push(step: PastStep): void {
    this.steps.update((steps) => [...steps, step].slice(-MOST_STEPS));
  }

  /** @returns whether it was still there */
  take(step: PastStep): boolean {
    const isThere = this.steps().includes(step);
    this.steps.update((steps) => steps.filter((other) => other !== step));
    return isThere;
  }

  /**
   * An entry is again what it was before an action, in a newer version: what was done to it earlier
   * is undone from there, rather than refused for its age.
   */
  follow(before: FileMetadata, now: FileMetadata): void {
    const isLeftSo = ({ after }: EntryChange) =>
      after.id === before.id && after.version === before.version;
    this.steps.update((steps) =>
      steps.map((step) =>
        step.kind !== 'final' && step.changes.some(isLeftSo)
          ? {
              ...step,
              changes: step.changes.map((change) =>
                isLeftSo(change) ? { ...change, after: now } : change,
              ),
            }
          : step,
      ),
    );
  }
}
