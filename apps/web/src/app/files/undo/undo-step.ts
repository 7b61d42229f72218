import type { FileMetadata } from '@homeserver/dto';
import { formatCount } from '@homeserver/ui';

import { nameEntries } from '../entries/entry-count';

/** What an action has made of one entry. */
export interface EntryChange {
  readonly before: FileMetadata;
  /** As the action left it; where nothing is known of that, such as in the trash, as it was before. */
  readonly after: FileMetadata;
}

interface Done {
  /** What was done, as a sentence for a person. */
  readonly words: string;
  readonly changes: readonly EntryChange[];
}

/** An action that can be undone, as data: it outlives the page on which it was done. */
export type UndoStep = Done &
  (
    | { readonly kind: 'trash' | 'move' | 'rename' | 'tags' }
    /** @property versionId where the bytes are kept that the file had before */
    | { readonly kind: 'content'; readonly versionId: string }
  );

/**
 * An action that cannot be undone. It is told before what was done earlier is reached, which would otherwise be
 * undone unawares.
 */
export interface FinalStep {
  readonly kind: 'final';
  /** What was done, as a sentence for a person. */
  readonly words: string;
  /** What to do in place of an undo, such as `delete the copy instead`; null where nothing can be done. */
  readonly advice: string | null;
  /** How many were done right before it that cannot be undone either; it stands for them too. */
  readonly earlierCount?: number;
}

export type PastStep = UndoStep | FinalStep;

/** How it is told that a step is being undone, and what could not be. */
export const UNDO_WORDS: Readonly<
  Record<UndoStep['kind'], { readonly verb: string; readonly participle: string }>
> = {
  trash: { verb: 'Restoring', participle: 'restored' },
  move: { verb: 'Moving back', participle: 'moved back' },
  rename: { verb: 'Renaming', participle: 'given its old name back' },
  tags: { verb: 'Restoring the tags of', participle: 'given its tags back' },
  content: { verb: 'Restoring', participle: 'brought back to what it was' },
};

/** What was undone, as a sentence for a person. @param entries as they are now */
export function undoneInWords(kind: UndoStep['kind'], entries: readonly FileMetadata[]): string {
  const name = nameEntries(entries);
  switch (kind) {
    case 'trash':
      return `${name} restored from the trash.`;
    case 'move':
      return `${name} moved back.`;
    case 'rename':
      return `${name} has its old name again.`;
    case 'tags':
      return `The tags of ${name} are as before.`;
    case 'content':
      return `${name} is as before.`;
  }
}

/**
 * What goes on in the background, where no key undoes it.
 * @param participle what is being done, such as `moved to Summer`
 * @param advice for one entry, and for several
 */
export function begunStep(
  entries: readonly FileMetadata[],
  participle: string,
  advice: { readonly one: string; readonly many: string },
): FinalStep {
  const isOne = entries.length === 1;
  return {
    kind: 'final',
    words: `${nameEntries(entries)} ${isOne ? 'is' : 'are'} being ${participle} in the background.`,
    advice: isOne ? advice.one : advice.many,
  };
}

/** What is left of a step, in the words of the whole where that is all of it. */
export function restOf(step: UndoStep, changes: readonly EntryChange[]): UndoStep {
  if (changes.length === step.changes.length) return { ...step, changes };
  const entries = changes.map(({ after }) => after);
  return { ...step, changes, words: doneInWords(step.kind, entries) };
}

/** What was done to some of those that an action was for, as a sentence for a person. */
function doneInWords(kind: UndoStep['kind'], entries: readonly FileMetadata[]): string {
  const name = nameEntries(entries);
  switch (kind) {
    case 'trash':
      return `${name} moved to the trash.`;
    case 'move':
      return `${name} moved.`;
    case 'rename':
      return `${name} renamed.`;
    case 'tags':
      return `The tags of ${name} changed.`;
    case 'content':
      return `${name} brought back to an earlier version.`;
  }
}

/** That it stays as it is, as sentences for a person. */
export function finalInWords({ words, advice, earlierCount = 0 }: FinalStep): string {
  const stays = `${words} That cannot be undone${advice === null ? '' : `: ${advice}`}.`;
  if (earlierCount === 0) return stays;
  const earlier = earlierCount === 1 ? 'action' : `${formatCount(earlierCount)} actions`;
  return `${stays} Nor can the ${earlier} before it.`;
}
