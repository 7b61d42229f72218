/** Of those that the system keeps: so many at once, and some may have been dropped. */
const SHARE = 0.75;

/**
 * Tells when notifications may have been lost. The system keeps a certain number for all watches of a thread and drops
 * what is more, and Node does not say so. What was kept is all delivered in one turn of the event loop: a turn that
 * brings nearly as many as are kept comes after a time in which that was not enough.
 */
export class NotificationFlood {
  private count = 0;
  private readonly limit: number;

  /** @param kept how many notifications the system keeps */
  constructor(
    kept: number,
    private readonly onFlood: () => void,
  ) {
    this.limit = Math.max(1, Math.floor(kept * SHARE));
  }

  /** One was delivered. */
  add(): void {
    this.count += 1;
    if (this.count === 1)
      setImmediate(() => {
        const isFlood = this.count >= this.limit;
        this.count = 0;
        if (isFlood) this.onFlood();
      });
  }
}
