/**
 * Does the same with each item, a few ahead of who takes the results, in the order of the items.
 * @param drop is given what nobody took when the taker leaves
 */
export async function* readAhead<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  { ahead, drop }: { readonly ahead: number; readonly drop: (result: Result) => Promise<void> },
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (let isEnded = false; !isEnded || underWay.length > 0;) {
      while (!isEnded && underWay.length < ahead) {
        const next = await iterator.next();
        if (next.done === true) isEnded = true;
        else {
          const result = work(next.value);
          result.catch(() => undefined); // told when its turn comes
          underWay.push(result);
        }
      }
      const first = underWay.shift();
      if (first !== undefined) yield await first;
    }
  } finally {
    for (const result of await Promise.allSettled(underWay))
      if (result.status === 'fulfilled') await drop(result.value);
    await iterator.return?.();
  }
}
