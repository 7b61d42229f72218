import { isAboutData } from './database-errors';

/** So many are written by one statement. */
const ITEMS_AT_MOST = 100;
/** When many ask, the first of a group waits so long for the others: about what a statement takes. */
const WAIT_MS = 2;
/** So many who wait at the same time are many, and are taken for many so long after. */
const MANY = 3;
const MANY_FOR_MS = 1000;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes that many ask for at the same time, by one statement for all of a group: while one is under way, whoever comes
 * waits for the next, and when many ask the first waits a moment for them. Where one of them is refused each is
 * written by itself, so that nobody is told the failure of another. Where nobody else asks, nothing is different.
 */
export class GroupedStatements<Item, Result> {
  /** Who waits, of the groups of which a statement is under way. */
  private readonly groups = new Map<string, Waiting<Item, Result>[]>();
  /** Who has asked and was not answered yet. */
  private askedCount = 0;
  /** When those were many, the last time. */
  private manyAt = -Infinity;

  /**
   * @param groupOf which are written together; a group does not wait for another
   * @param writeAll one statement; resolves to what became of each, in their order
   */
  constructor(
    private readonly groupOf: (item: Item) => string,
    private readonly writeAll: (items: readonly Item[]) => Promise<readonly Result[]>,
  ) {}

  /** @throws what `writeAll` throws for this one alone */
  async write(item: Item): Promise<Result> {
    this.askedCount += 1;
    if (this.askedCount >= MANY) this.manyAt = performance.now();
    try {
      return await this.enqueue(item);
    } finally {
      this.askedCount -= 1;
    }
  }

  private enqueue(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const group = this.groupOf(item);
      const waiting = this.groups.get(group);
      const one = { item, resolve, reject };
      if (waiting !== undefined) {
        waiting.push(one);
        return;
      }
      this.groups.set(group, [one]);
      // Others may come in the same turn.
      const run = () => void this.run(group);
      if (performance.now() - this.manyAt > MANY_FOR_MS) setImmediate(run);
      else setTimeout(run, WAIT_MS);
    });
  }

  private async run(group: string): Promise<void> {
    const waiting = this.groups.get(group) ?? [];
    while (waiting.length > 0) await this.writeTogether(waiting.splice(0, ITEMS_AT_MOST));
    this.groups.delete(group);
  }

  private async writeTogether(some: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.writeAll(some.map(({ item }) => item));
      for (const [index, result] of results.entries()) some[index]?.resolve(result);
    } catch (error) {
      if (some.length > 1 && isAboutData(error))
        for (const one of some) await this.writeTogether([one]);
      else for (const { reject } of some) reject(error);
    }
  }
}
