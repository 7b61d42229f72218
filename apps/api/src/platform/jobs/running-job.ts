import type { EntityManager } from 'typeorm';

import type { ClaimedJob, JobContext, JobReport } from './job';
import { JobLostError } from './jobs.errors';
import type { JobHold, JobsRepository } from './jobs.repository';

const REPORT_EVERY_MS = 1000;

/** Why a handler is to end before its work is done. */
export type StopReason = 'cancelled' | 'stopping' | 'lost';

/** A job that this process is at: what its handler sees, and what is written of it. */
export class RunningJob implements JobContext {
  private readonly controller = new AbortController();
  private readonly hold: JobHold;
  private done: number;
  private total: number | null;
  private resultId: string | null;
  private reason: StopReason | null = null;
  private timer: NodeJS.Timeout | null = null;
  private reportedAt = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly claim: ClaimedJob,
    holder: string,
    private readonly repository: JobsRepository,
    private readonly onReportFailure: (error: unknown) => void,
  ) {
    this.hold = { jobId: claim.id, holder, attempts: claim.attempts };
    this.done = claim.progress.done;
    this.total = claim.progress.total;
    this.resultId = claim.resultId;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why it was told to end; null while it was not. */
  get stopReason(): StopReason | null {
    return this.reason;
  }

  progress(done: number, total?: number): void {
    this.done = done;
    if (total !== undefined) this.total = total;
    const waitMs = this.reportedAt + REPORT_EVERY_MS - performance.now();
    if (waitMs <= 0) void this.report();
    else this.timer ??= setTimeout(() => void this.report(), waitMs).unref();
  }

  result(entryId: string): void {
    this.resultId = entryId;
  }

  async saveCursor(cursor: unknown, manager?: EntityManager): Promise<void> {
    if (await this.repository.saveCursor(this.hold, { ...this.current(), cursor }, manager)) return;
    this.stop('lost');
    throw new JobLostError();
  }

  /** Tells the handler to end. The first reason counts. */
  stop(reason: StopReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.controller.abort(new Error(`The job is to end: ${reason}.`));
  }

  /** Writes how far it is, renews its lease, and hears whether it is to stop. */
  async report(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.reportedAt = performance.now();
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  /** After the handler has ended: nothing is written any more but its end, by whoever gets this. */
  async close(): Promise<{ hold: JobHold; report: JobReport }> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.writing;
    return { hold: this.hold, report: this.current() };
  }

  private async write(): Promise<void> {
    try {
      const heard = await this.repository.report(this.hold, this.current());
      if (heard === null) this.stop('lost');
      else if (heard.isCancelling) this.stop('cancelled');
    } catch (error) {
      this.onReportFailure(error); // the lease is renewed the next time, or runs out
    }
  }

  private current(): JobReport {
    return { done: this.done, total: this.total, resultId: this.resultId };
  }
}
