/** Work of one kind that comes again and again: one run after the other, until it is stopped. */
export class RegularWork {
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();

  /**
   * Does it every so often.
   * @param work must not throw
   * @param firstAfterMs when it is done first
   */
  every(everyMs: number, work: () => Promise<void>, firstAfterMs = everyMs): void {
    const run = () => void this.run(work);
    if (firstAfterMs !== everyMs) this.timers.push(setTimeout(run, firstAfterMs).unref());
    this.timers.push(setInterval(run, everyMs).unref());
  }

  /** Does something now, or after what is under way. @param work must not throw */
  run(work: () => Promise<void>): Promise<void> {
    this.running = this.running.then(work);
    return this.running;
  }

  /** Begins nothing any more by itself. Resolves when what is under way is over. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.running;
  }
}
