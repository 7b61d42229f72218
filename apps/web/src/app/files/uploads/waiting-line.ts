/** First come, first served, also with ten thousand in it: none of the others is moved. */
export class WaitingLine<Item> {
  private readonly line = new Set<Item>();
  /** Those before the line, the last one first. */
  private readonly before: Item[] = [];

  get size(): number {
    return this.before.length + this.line.size;
  }

  add(items: readonly Item[]): void {
    for (const item of items) this.line.add(item);
  }

  /** Puts one before all others. */
  putBack(item: Item): void {
    this.before.push(item);
  }

  take(): Item | undefined {
    if (this.before.length > 0) return this.before.pop();
    const [item] = this.line;
    if (item !== undefined) this.line.delete(item);
    return item;
  }

  /** All of them, which stay in it. */
  all(): readonly Item[] {
    return [...this.before.toReversed(), ...this.line];
  }

  /** Takes one out of the middle. @returns whether it was there */
  remove(item: Item): boolean {
    const index = this.before.indexOf(item);
    if (index === -1) return this.line.delete(item);
    this.before.splice(index, 1);
    return true;
  }
}
