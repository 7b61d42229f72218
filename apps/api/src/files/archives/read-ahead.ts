/**
 * Does the same with each item, some ahead of who takes the results, in the order of the items. The next item is
 * waited for while results are taken.
 * @param drop is given what nobody took when the taker leaves
 */
export async function* readAhead<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  { ahead, drop }: { readonly ahead: number; readonly drop: (result: Result) => Promise<void> },
): AsyncGenerator<Result> {
  const queue = new Queue<Begun<Result>>(ahead);
  const producing = produce(items, work, queue);
  producing.catch(() => undefined); // told when all before it was taken
  try {
    for (let begun = await queue.take(); begun !== null; begun = await queue.take())
      yield await begun.result;
    await producing;
  } finally {
    const untaken = queue.leave();
    await producing.catch(() => undefined);
    for (const result of await Promise.allSettled(untaken.map((begun) => begun.result)))
      if (result.status === 'fulfilled') await drop(result.value);
  }
}

/** Work that is under way: in an object, since a promise of a promise is the inner one. */
interface Begun<Result> {
  readonly result: Promise<Result>;
}

async function produce<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  queue: Queue<Begun<Result>>,
): Promise<void> {
  try {
    for await (const item of items) {
      if (queue.isLeft) return;
      const result = work(item);
      result.catch(() => undefined); // told when its turn comes
      await queue.put({ result });
      if (queue.isLeft) return;
    }
  } finally {
    queue.end();
  }
}

/** Between one who puts and one who takes: whoever has nothing to do waits for the other. */
class Queue<Item> {
  isLeft = false;
  private isEnded = false;
  private readonly items: Item[] = [];
  private waiting: (() => void) | null = null;

  constructor(private readonly limit: number) {}

  /** Resolves when there is room for another one, or nobody takes any more. */
  async put(item: Item): Promise<void> {
    this.items.push(item);
    this.wake();
    while (this.items.length >= this.limit && !this.isLeft) await this.sleep();
  }

  /** @returns null when there will be none any more */
  async take(): Promise<Item | null> {
    while (this.items.length === 0 && !this.isEnded) await this.sleep();
    const item = this.items.shift() ?? null;
    this.wake();
    return item;
  }

  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** Nothing is taken any more. @returns what is left; what is still put is added to it */
  leave(): readonly Item[] {
    this.isLeft = true;
    this.wake();
    return this.items;
  }

  private async sleep(): Promise<void> {
    await new Promise<void>((resolve) => (this.waiting = resolve));
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = null;
  }
}
