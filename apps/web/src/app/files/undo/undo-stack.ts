import { computed, inject, Injectable, linkedSignal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { SessionStore } from '../../core/session-store';
import type { EntryChange, FinalStep, PastStep } from './undo-step';

/** As far back as a person still knows what they did; what cannot be undone is not counted. */
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
    this.steps.update((steps) => bounded(joined([...steps, step])));
  }

  /** @returns whether it was still there */
  take(step: PastStep): boolean {
    const isThere = this.steps().includes(step);
    this.steps.update((steps) => joined(steps.filter((other) => other !== step)));
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

/** One after the other that cannot be undone become one: they are told, and passed by, at once. */
function joined(steps: readonly PastStep[]): readonly PastStep[] {
  return steps.reduce<readonly PastStep[]>((before, step) => {
    const last = before.at(-1);
    if (last?.kind !== 'final' || step.kind !== 'final') return [...before, step];
    return [...before.slice(0, -1), standingFor(last, step)];
  }, []);
}

function standingFor(earlier: FinalStep, step: FinalStep): FinalStep {
  const earlierCount = (earlier.earlierCount ?? 0) + 1 + (step.earlierCount ?? 0);
  return { ...step, earlierCount };
}

/** The last that can be undone, with what was done between and after them. */
function bounded(steps: readonly PastStep[]): readonly PastStep[] {
  const oldest = steps.filter(({ kind }) => kind !== 'final').at(-MOST_STEPS);
  return oldest === undefined ? steps : steps.slice(steps.indexOf(oldest));
}
