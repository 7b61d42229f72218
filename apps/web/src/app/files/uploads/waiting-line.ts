/** First come, first served, also with ten thousand in it: taking one out moves none of the others. */
export class WaitingLine<Item> {
  private items: Item[] = [];
  private next = 0;

  get size(): number {
    return this.items.length - this.next;
  }

  add(items: readonly Item[]): void {
    this.items = [...this.items.slice(this.next), ...items];
    this.next = 0;
  }

  /** Puts one before all others. */
  putBack(item: Item): void {
    this.items = [item, ...this.items.slice(this.next)];
    this.next = 0;
  }

  take(): Item | undefined {
    const item = this.items[this.next];
    if (item !== undefined) this.next += 1;
    return item;
  }

  /** All of them, which stay in it. */
  all(): readonly Item[] {
    return this.items.slice(this.next);
  }

  /** Takes one out of the middle. @returns whether it was there */
  remove(item: Item): boolean {
    const before = this.size;
    this.items = this.items.slice(this.next).filter((other) => other !== item);
    this.next = 0;
    return this.size < before;
  }

  /** All of them, which are then out. */
  clear(): readonly Item[] {
    const items = this.items.slice(this.next);
    this.items = [];
    this.next = 0;
    return items;
  }
}
