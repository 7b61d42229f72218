/** So many are asked for by one statement. */
const KEYS_AT_MOST = 100;

/** A row, and what was asked for. */
export interface Keyed {
  readonly key: string;
}

type Settle<Row> = { resolve: (row: Row | null) => void; reject: (error: unknown) => void };

/**
 * Finds rows that many ask for at once, one each: all who ask in the same turn of the event loop are answered by one
 * statement, which begins after the last of them has asked. Where nobody else asks, nothing is different.
 */
export class GatheredReads<Row extends Keyed> {
  private waiting = new Map<string, Settle<Row>[]>();

  /** @param readAll the rows of these keys, at most one for each */
  constructor(private readonly readAll: (keys: readonly string[]) => Promise<readonly Row[]>) {}

  /** @returns null where there is none. @throws what `readAll` throws */
  find(key: string): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) setImmediate(() => this.answer());
      const asked = this.waiting.get(key);
      if (asked === undefined) this.waiting.set(key, [{ resolve, reject }]);
      else asked.push({ resolve, reject });
    });
  }

  private answer(): void {
    const waiting = [...this.waiting];
    this.waiting = new Map();
    for (let from = 0; from < waiting.length; from += KEYS_AT_MOST)
      void this.answerSome(waiting.slice(from, from + KEYS_AT_MOST));
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
