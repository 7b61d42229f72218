import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { Notices } from '../../core/notices';
import { describeProblem } from '../../core/problem';
import { BulkWork } from '../actions/bulk-work';
import { FreshFiles } from '../actions/fresh-files';
import { FileListStore } from '../listing/file-list-store';
import { UndoCalls } from './undo-calls';
import { UndoStack } from './undo-stack';
import {
  begunStep,
  type EntryChange,
  finalInWords,
  type FinalStep,
  restOf,
  UNDO_WORDS,
  type UndoStep,
  undoneInWords,
} from './undo-step';

/** It may well be undone a little later; any other refusal stands. */
const PASSING: ReadonlySet<string> = new Set([
  'web.unreachable',
  'web.timeout',
  'files.busy',
  'drives.offline',
]);

const OTHER_WORK = 'Something else is still being done. Wait for its end, or stop it, then undo.';
const MOVE_AGAIN = {
  one: 'move it again when it is there',
  many: 'move them again when they are there',
};
const NOTHING_LEFT = 'There is nothing left of it to undo.';

interface Undone {
  /** As they are now. */
  readonly undone: readonly FileMetadata[];
  /** What is still being moved back, in the background. */
  readonly begun: readonly FileMetadata[];
  readonly isStopped: boolean;
}

/** What a try at a step has come to that left some of it. */
interface Outcome {
  /** In words; empty when nothing of it was undone. */
  readonly undone: string;
  /** Whether it had been tried before. */
  readonly isRepeated: boolean;
  /** By which the rest is undone: who has stopped it knows of no failure. */
  readonly action: 'Go on' | 'Try again';
}

/** Undoes what was done last, and then what was done before. Nothing here rejects: what failed is told. */
@Injectable()
export class Undoing {
  private readonly stack = inject(UndoStack);
  private readonly calls = inject(UndoCalls);
  private readonly list = inject(FileListStore);
  private readonly fresh = inject(FreshFiles);
  private readonly work = inject(BulkWork);
  private readonly notices = inject(Notices);
  private turn: Promise<void> = Promise.resolve();
  /** How often an undo was broken off: what was asked for before that does not begin any more. */
  private breakCount = 0;
  /** What was not undone when it was tried last. */
  private kept: UndoStep | null = null;

  /** Says what was done, and lets it be undone: there at once, and later by the key. */
  offer(step: UndoStep): void {
    this.stack.push(step);
    this.notices.offerUndo(step.words, () => void this.undo(step));
  }

  /** Says what was done and cannot be undone. @param advice what to do instead; null where nothing can be done */
  tell(words: string, advice: string | null): void {
    this.stack.push({ kind: 'final', words, advice });
    this.notices.say(words);
  }

  undoNewest(): Promise<void> {
    return this.inTurn(async () => {
      const step = this.stack.newest();
      // What runs may be the newest by its end: no step is named before.
      if (this.isAtWork()) this.notices.offerUndo(OTHER_WORK, () => void this.undoNewest());
      else if (step === null) this.notices.say('There is nothing to undo.');
      else if (step.kind === 'final') this.passBy(step);
      else await this.undoNow(step);
    });
  }

  /** It is told once: then what was done before it is the newest. */
  private passBy(step: FinalStep): void {
    this.stack.take(step);
    this.offerNext(finalInWords(step), 'Undo that');
  }

  private undo(step: UndoStep): Promise<void> {
    return this.inTurn(async () => {
      const words = `${step.words} ${OTHER_WORK}`;
      if (this.isAtWork()) this.notices.offerUndo(words, () => void this.undo(step));
      else await this.undoNow(step);
    });
  }

  /** What is being done to many entries has a button of its own to stop it. */
  private isAtWork(): boolean {
    return this.work.progress() !== null;
  }

  /** What is undone first is what the next undo begins from, however quickly the key is pressed again. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const { breakCount } = this;
    const done = this.turn.then(() => (breakCount === this.breakCount ? act() : undefined));
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async undoNow(step: UndoStep): Promise<void> {
    if (!this.stack.take(step)) {
      this.notices.say(NOTHING_LEFT);
      return;
    }
    const left = new Map(step.changes.map((change) => [change.after.id, change]));
    const { undone, begun, isStopped } = await this.undoEach(step, left);
    this.list.applyNow([]);
    const words = [
      ...(undone.length === 0 ? [] : [undoneInWords(step.kind, undone)]),
      ...(begun.length === 0 ? [] : [this.noteBegun(begun)]),
    ].join(' ');
    if (left.size === 0) {
      if (words !== '') this.offerNext(words, 'Undo that too');
      return;
    }
    this.keep(restOf(step, [...left.values()]), {
      undone: words,
      isRepeated: step === this.kept,
      action: isStopped ? 'Go on' : 'Try again',
    });
  }

  /** No key undoes it: what was done before it is not the newest any more. @returns it in words */
  private noteBegun(entries: readonly FileMetadata[]): string {
    const step = begunStep(entries, 'moved back', MOVE_AGAIN);
    this.stack.push(step);
    return step.words;
  }

  /** @param left loses what is undone, or never will be */
  private async undoEach(step: UndoStep, left: Map<string, EntryChange>): Promise<Undone> {
    const undone: FileMetadata[] = [];
    const begun: FileMetadata[] = [];
    const { isStopped } = await this.work.run({
      ...UNDO_WORDS[step.kind],
      files: step.changes.map(({ after }) => after),
      act: async ({ id }) => {
        const change = left.get(id);
        if (change === undefined) return;
        const now = await this.takeBack(step, change, () => left.delete(id));
        if (now === null) begun.push(change.after);
        else undone.push(now);
      },
    });
    if (isStopped) this.breakCount += 1;
    return { undone, begun, isStopped };
  }

  /**
   * What was stopped, or may succeed later, can be tried again, by the key too. When that came to nothing it can
   * be left, so that it does not bar the way to what was done earlier.
   */
  private keep(rest: UndoStep, { undone, isRepeated, action }: Outcome): void {
    const canBeLeft = isRepeated && undone === '' && this.stack.newest() !== null;
    this.stack.push(rest);
    this.kept = rest;
    const words =
      undone === ''
        ? `${rest.words} That is not undone yet.`
        : `${undone} The rest is not undone yet.`;
    if (canBeLeft) this.notices.offer(words, 'Leave it', () => this.leave(rest));
    else this.notices.offer(words, action, () => void this.undo(rest));
  }

  private leave(step: UndoStep): void {
    if (!this.stack.take(step)) this.notices.say(NOTHING_LEFT);
    else this.offerNext(`${step.words} That is left as it is.`, 'Undo that');
  }

  /** @param settle called when there is no use in trying it again */
  private async takeBack(
    step: UndoStep,
    change: EntryChange,
    settle: () => void,
  ): Promise<FileMetadata | null> {
    try {
      const now = await this.ask(step, change);
      settle();
      if (now === null) return null;
      this.stack.follow(change.before, now);
      this.list.noteChanges([{ kind: 'present', file: now }]);
      return now;
    } catch (failure) {
      // Whatever it is, it is told at the end; here only whether it stands.
      const problem = describeProblem(failure);
      if (!PASSING.has(problem.code)) settle();
      // What is not in the trash any more may lie in the list again.
      if (step.kind !== 'trash') await this.fresh.afterRefusal(change.after, problem);
      throw failure;
    }
  }

  /** Where the answer to an earlier try was lost, that try may be what refuses this one. */
  private async ask(step: UndoStep, change: EntryChange): Promise<FileMetadata | null> {
    try {
      return await this.calls.takeBack(step, change);
    } catch (failure) {
      const isRefusedAgain = step === this.kept && !PASSING.has(describeProblem(failure).code);
      const now = isRefusedAgain ? await this.calls.findUndone(step, change) : null;
      if (now === null) throw failure;
      return now;
    }
  }

  private offerNext(words: string, action: string): void {
    const next = this.stack.newest();
    if (next === null || next.kind === 'final') {
      this.notices.say(words);
      return;
    }
    const both = `${words} Before that: ${next.words}`;
    this.notices.offer(both, action, () => void this.undo(next));
  }
}
