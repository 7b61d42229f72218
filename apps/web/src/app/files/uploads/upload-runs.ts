import type { UploadItem } from './upload-item';

/** What can be stopped: uploads that run, and those that wait for their next try. */
export class UploadRuns {
  private readonly stops = new Map<UploadItem, AbortController>();
  private readonly timers = new Map<UploadItem, ReturnType<typeof setTimeout>>();

  /** @returns aborted when it is halted */
  begin(item: UploadItem): AbortSignal {
    const stop = new AbortController();
    this.stops.set(item, stop);
    return stop.signal;
  }

  end(item: UploadItem): void {
    this.stops.delete(item);
  }

  restFor(item: UploadItem, pauseMs: number, wake: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(item);
      wake();
    }, pauseMs);
    this.timers.set(item, timer);
  }

  halt(item: UploadItem): void {
    const stop = this.stops.get(item);
    // All of it may have arrived, though its answer is not waited for.
    if (stop !== undefined && item.url === null) item.isUncertain = true;
    stop?.abort();
    this.stops.delete(item);
    clearTimeout(this.timers.get(item));
    this.timers.delete(item);
  }
}
