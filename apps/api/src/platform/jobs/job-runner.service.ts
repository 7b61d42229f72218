import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { InstanceIdentity } from '../config/instance-identity.adapter';
import { isDatabaseAway } from '../database/database-errors';
import { EventTransactions } from '../events/event-transactions';
import { DomainError } from '../http/domain-error';
import { LOGGER } from '../logging/logging.module';
import type { ClaimedJob, JobHandler, JobKind } from './job';
import { JobsRepository } from './jobs.repository';
import { RunningJob } from './running-job';

const AT_ONCE = 2;
const BESIDE_OTHERS: JobKind = 'integrity';
/** Of a lease of 60 s: a process that is busy may miss two of them. */
const RENEW_EVERY_MS = 15_000;
/** For what another process left, or put in the queue. */
const LOOK_EVERY_MS = 5000;
/** A drive that is away may be back by then. */
const PAUSE_MS = 30_000;
/** What passes by itself: the job waits for it instead of failing. */
const PASSING = ['drives.offline', 'database.unavailable', 'files.busy'];

/** Takes jobs from the queue, a few at once, and has them done by the handlers of their kinds. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly handlers = new Map<JobKind, JobHandler>();
  private readonly running = new Map<string, { job: RunningJob; ended: Promise<void> }>();
  private timers: NodeJS.Timeout[] = [];
  private isWanted = false;
  private claiming: Promise<void> | null = null;
  private isServing = false;

  constructor(
    private readonly repository: JobsRepository,
    private readonly transactions: EventTransactions,
    private readonly instance: InstanceIdentity,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Says who does the jobs of a kind. Before the application has started. */
  handle(kind: JobKind, handler: JobHandler): void {
    this.handlers.set(kind, handler);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.repository.release(this.instance.id);
    this.isServing = true;
    this.timers = [
      setInterval(() => this.wake(), LOOK_EVERY_MS),
      setInterval(() => this.renewAll(), RENEW_EVERY_MS),
    ];
    for (const timer of this.timers) timer.unref();
    this.wake();
  }

  /** Handlers end at their next look at the signal; their jobs wait in the queue with their cursors. */
  async onModuleDestroy(): Promise<void> {
    this.isServing = false;
    for (const timer of this.timers) clearInterval(timer);
    await this.claiming;
    for (const { job } of this.running.values()) job.stop('stopping');
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  /** There may be a job to take. Many calls while it looks make it look once more. */
  wake(): void {
    this.isWanted = true;
    if (!this.isServing) return;
    this.claiming ??= this.claimAll().finally(() => {
      this.claiming = null;
      if (this.isWanted) this.wake();
    });
  }

  /** Tells the handler of a job, if it runs in this process; others hear of it when they report. */
  cancel(jobId: string): void {
    this.running.get(jobId)?.job.stop('cancelled');
  }

  private async claimAll(): Promise<void> {
    try {
      while (this.isWanted && this.isServing) {
        this.isWanted = false;
        for (let kinds = this.wantedKinds(); kinds.length > 0 && this.isServing;) {
          const claim = await this.repository.claim(this.instance.id, kinds, [
            ...this.running.keys(),
          ]);
          if (claim === null) break;
          this.start(claim);
          kinds = this.wantedKinds();
        }
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'Jobs wait: the database is away.');
    }
  }

  /**
   * What only reads, and for long, is done one at a time: somebody waits for what is to be copied or moved. What takes
   * days, since it does little at a time, is done beside all else.
   */
  private wantedKinds(): JobKind[] {
    const running = [...this.running.values()].map(({ job }) => job.claim.kind);
    const isFull = running.filter((kind) => kind !== BESIDE_OTHERS).length >= AT_ONCE;
    return [...this.handlers.keys()].filter((kind) => {
      if (kind === BESIDE_OTHERS || kind === 'scan') {
        if (running.includes(kind)) return false;
      }
      return kind === BESIDE_OTHERS || !isFull;
    });
  }

  private start(claim: ClaimedJob): void {
    const job = new RunningJob(claim, this.instance.id, this.repository, (error) =>
      this.logger.debug({ err: error, job: claim.id }, 'The progress of a job waits.'),
    );
    const ended = this.run(job).finally(() => {
      this.running.delete(claim.id);
      this.wake();
    });
    this.running.set(claim.id, { job, ended });
  }

  private async run(job: RunningJob): Promise<void> {
    const { claim } = job;
    let failure: unknown = null;
    try {
      // Its process died before it could stop.
      if (claim.isCancelling) job.stop('cancelled');
      job.signal.throwIfAborted();
      await this.handlers.get(claim.kind)?.(claim, job);
    } catch (error) {
      failure = error ?? new Error('A job failed for no reason that it gave.');
    }
    try {
      await this.settle(job, failure);
    } catch (error) {
      this.logger.warn(
        { err: error, job: claim.id },
        'The end of a job could not be written: it is taken up again when its lease has run out.',
      );
    }
  }

  /** @param failure what its handler threw; null where it has done its work */
  private async settle(job: RunningJob, failure: unknown): Promise<void> {
    const { hold, report } = await job.close();
    if (failure === null) {
      await this.repository.finish(hold, report, { state: 'done' });
    } else if (job.stopReason === 'cancelled') {
      await this.repository.finish(hold, report, { state: 'cancelled' });
    } else if (job.stopReason === 'stopping') {
      await this.repository.requeue(hold, report, 0);
    } else if (job.stopReason === null) {
      if (isPassing(failure)) await this.repository.requeue(hold, report, PAUSE_MS);
      else await this.fail(job, failure);
    }
  }

  private async fail(job: RunningJob, failure: unknown): Promise<void> {
    const { hold, report } = await job.close();
    const { id, title } = job.claim;
    this.logger.error({ err: failure, job: id }, `A job failed: ${title}`);
    const problem = problemOf(failure);
    await this.transactions.run(async ({ manager, record }) => {
      if (!(await this.repository.finish(hold, report, { state: 'failed', problem }, manager)))
        return;
      await record({
        type: 'homeserver.job.failed',
        subject: `jobs/${id}`,
        driveId: null,
        audience: 'administrators',
        cause: null,
        data: { title, ...problem },
      });
    });
  }

  private renewAll(): void {
    for (const { job } of this.running.values()) void job.report();
  }
}

function isPassing(failure: unknown): boolean {
  return (
    (failure instanceof DomainError && PASSING.includes(failure.code)) || isDatabaseAway(failure)
  );
}

function problemOf(failure: unknown): { code: string; detail: string } {
  if (failure instanceof DomainError) return { code: failure.code, detail: failure.message };
  return {
    code: 'jobs.internal_error',
    detail: 'Something went wrong in HomeServer. Its log has the details under the id of this job.',
  };
}
