import { describeProblem, type ProblemView } from '../../core/problem';

export interface Failure<Item> {
  readonly item: Item;
  readonly problem: ProblemView;
}

export interface BulkOutcome<Item> {
  readonly done: readonly Item[];
  readonly failed: readonly Failure<Item>[];
  readonly isStopped: boolean;
}

export interface BulkRun<Item> {
  readonly items: readonly Item[];
  readonly act: (item: Item) => Promise<void>;
  /** After each item, whatever came of it. */
  readonly onProgress: (finishedCount: number) => void;
  /** Asked before each item: true leaves the rest undone. */
  readonly isStopped: () => boolean;
}

/** So that a few thousand changes neither flood the server nor keep the page from its own requests. */
const AT_ONCE = 4;

/** Does something with each item, a few at a time. Never rejects: what failed is told item by item. */
export async function runBounded<Item>(run: BulkRun<Item>): Promise<BulkOutcome<Item>> {
  const done: Item[] = [];
  const failed: Failure<Item>[] = [];
  const queue = run.items.values();
  const work = async () => {
    for (const item of queue) {
      if (run.isStopped()) return;
      try {
        await run.act(item);
        done.push(item);
      } catch (failure) {
        // Any failure of one item, told to the person at the end; the others go on.
        failed.push({ item, problem: describeProblem(failure) });
      }
      run.onProgress(done.length + failed.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, failed, isStopped: run.isStopped() };
}
