/** So many are done together. */
const ITEMS_AT_MOST = 100;
/** So many who wait at the same time are many, and are taken for many so long after. */
const MANY = 3;
const MANY_FOR_MS = 1000;

/** How items are grouped. */
export interface Grouping<Item> {
  /** Which are done together; a group does not wait for another. */
  readonly groupOf: (item: Item) => string;
  /** Of one group so many pieces of work may be under way; whoever comes then waits for the next. 1 where absent. */
  readonly atOnce?: number;
  /**
   * When many ask, the first waits so long for the others. Where absent only those come together who ask in one turn of
   * the event loop, such as those who were together before.
   */
  readonly waitMs?: number;
  /** Whether a failure may be that of one of them: then each is done by itself. Where absent it is told to all. */
  readonly isOfOne?: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Group<Item, Result> {
  waiting: Waiting<Item, Result>[];
  underWay: number;
  /** Whether the next piece of work is about to begin. */
  isDue: boolean;
}

/**
 * Work that many ask for at the same time, done for all of a group by one step: while as many steps are under way as may
 * be, whoever comes waits for the next. Where nobody else asks, nothing is different.
 */
export class GroupedWork<Item, Result> {
  private readonly groups = new Map<string, Group<Item, Result>>();
  /** Who has asked and was not answered yet. */
  private askedCount = 0;
  /** When those were many, the last time. */
  private manyAt = -Infinity;

  /** @param doAll one step; resolves to what became of each, in their order */
  constructor(
    private readonly grouping: Grouping<Item>,
    private readonly doAll: (items: readonly Item[]) => Promise<readonly Result[]>,
  ) {}

  /** @throws what `doAll` throws for this one alone */
  async do(item: Item): Promise<Result> {
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
      const key = this.grouping.groupOf(item);
      const group = this.groups.get(key) ?? { waiting: [], underWay: 0, isDue: false };
      this.groups.set(key, group);
      group.waiting.push({ item, resolve, reject });
      if (group.isDue || group.underWay >= (this.grouping.atOnce ?? 1)) return;
      group.isDue = true;
      const begin = () => {
        group.isDue = false;
        void this.run(key, group);
      };
      const { waitMs } = this.grouping;
      // Others may come in the same turn.
      if (waitMs === undefined || performance.now() - this.manyAt > MANY_FOR_MS)
        setImmediate(begin);
      else setTimeout(begin, waitMs);
    });
  }

  private async run(key: string, group: Group<Item, Result>): Promise<void> {
    group.underWay += 1;
    while (group.waiting.length > 0 && !group.isDue)
      await this.doTogether(group.waiting.splice(0, ITEMS_AT_MOST));
    group.underWay -= 1;
    if (group.underWay === 0 && !group.isDue) this.groups.delete(key);
  }

  private async doTogether(some: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.doAll(some.map(({ item }) => item));
      for (const [index, result] of results.entries()) some[index]?.resolve(result);
    } catch (error) {
      if (some.length > 1 && this.grouping.isOfOne?.(error) === true)
        for (const one of some) await this.doTogether([one]);
      else for (const { reject } of some) reject(error);
    }
  }
}
