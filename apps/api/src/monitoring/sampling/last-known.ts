/**
 * The answer to a question that may take long, hang or fail: asked again at most once at a time, and
 * until then the last answer stands.
 */
export class LastKnown<T> {
  private answer: T | null = null;
  private failure: unknown = null;
  private pending: Promise<void> | null = null;
  private askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly ask: () => Promise<T>) {}

  /** The last answer; null before the first one. */
  get value(): T | null {
    return this.answer;
  }

  /** Why the last question had no answer; null when it had one. */
  get lastFailure(): unknown {
    return this.failure;
  }

  /**
   * Asks anew, unless the last question was asked less than `maximumAgeMs` ago or still waits for its
   * answer, and gives the answer that is known after `waitMs` at the latest. A question that has
   * kept us waiting once is not waited for again. Never rejects.
   */
  async refresh(waitMs: number, maximumAgeMs = 0): Promise<T | null> {
    const now = performance.now();
    if (this.pending === null && now - this.askedAtMs >= maximumAgeMs) {
      this.askedAtMs = now;
      this.pending = this.askOnce();
    }
    const remainingMs = this.askedAtMs + waitMs - now;
    if (this.pending !== null && remainingMs > 0) await settledWithin(this.pending, remainingMs);
    return this.answer;
  }

  private async askOnce(): Promise<void> {
    try {
      this.answer = await this.ask();
      this.failure = null;
    } catch (error) {
      this.failure = error; // whatever it is: the last answer stands, the caller may look at the reason
    } finally {
      this.pending = null;
    }
  }
}

async function settledWithin(settling: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([settling, limit]);
  clearTimeout(timer);
}
