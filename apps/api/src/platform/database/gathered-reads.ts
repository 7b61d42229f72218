/** So many are asked for by one statement. */
const KEYS_AT_MOST = 100;
/** Nobody waits longer for the answer to others: that is more than a statement takes when all is well. */
const HELD_UP_AT_MOST_MS = 5;

/** A row, and what was asked for. */
export interface Keyed {
  readonly key: string;
}

type Settle<Row> = { resolve: (row: Row | null) => void; reject: (error: unknown) => void };

/**
 * Finds rows that many ask for at once, one each: all who ask in the same turn of the event loop are answered by one
 * statement, and so are all who come while another is under way, for a moment. It begins after the last of them has
 * asked. Where nobody else asks, nothing is different.
 */
export class GatheredReads<Row extends Keyed> {
  private waiting = new Map<string, Settle<Row>[]>();
  private isHeldUp = false;

  /** @param readAll the rows of these keys, at most one for each */
  constructor(private readonly readAll: (keys: readonly string[]) => Promise<readonly Row[]>) {}

  /** @returns null where there is none. @throws what `readAll` throws */
  find(key: string): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0 && !this.isHeldUp) setImmediate(() => this.answer());
      const asked = this.waiting.get(key);
      if (asked === undefined) this.waiting.set(key, [{ resolve, reject }]);
      else asked.push({ resolve, reject });
    });
  }

  private answer(): void {
    const waiting = [...this.waiting];
    this.waiting = new Map();
    const answers: Promise<void>[] = [];
    for (let from = 0; from < waiting.length; from += KEYS_AT_MOST)
      answers.push(this.answerSome(waiting.slice(from, from + KEYS_AT_MOST)));
    this.holdUp(Promise.all(answers));
  }

  /** Lets those who come wait for these answers, which do not fail. */
  private holdUp(answers: Promise<unknown>): void {
    this.isHeldUp = true;
    let isOver = false;
    const goOn = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(limit);
      this.isHeldUp = false;
      // Others may come in the same turn.
      if (this.waiting.size > 0) setImmediate(() => this.answer());
    };
    const limit = setTimeout(goOn, HELD_UP_AT_MOST_MS);
    void answers.then(goOn);
  }

  private async answerSome(asked: readonly [string, Settle<Row>[]][]): Promise<void> {
    try {
      const rows = await this.readAll(asked.map(([key]) => key));
      const byKey = new Map(rows.map((row) => [row.key, row]));
      for (const [key, all] of asked)
        for (const { resolve } of all) resolve(byKey.get(key) ?? null);
    } catch (error) {
      for (const [, all] of asked) for (const { reject } of all) reject(error);
    }
  }
}
