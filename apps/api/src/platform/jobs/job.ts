import type { Job } from '@homeserver/dto';
import type { EntityManager } from 'typeorm';

export type JobKind = Job['kind'];

/** Work that is to be done in the background. */
export interface NewJob {
  readonly kind: JobKind;
  /** What it does, for a person. */
  readonly title: string;
  /** Of one kind, one job at a time works on a drive. */
  readonly driveId: string | null;
  /** Who asks for it; null: the server itself. */
  readonly userId: string | null;
  /** What its handler needs, as JSON. */
  readonly input: unknown;
  /** What its progress counts. */
  readonly unit: Job['progress']['unit'];
  /** How much there is to do, where it is known already. */
  readonly total?: number;
}

/** A job as its handler gets it. Both are JSON, and as the row has them: the handler checks them by a schema. */
export interface JobWork {
  readonly id: string;
  readonly input: unknown;
  /** What an earlier attempt saved last; null at the beginning. */
  readonly cursor: unknown;
}

/** What a handler can do while it works. */
export interface JobContext {
  /**
   * Aborted when the job is cancelled, when the server stops, or when another process has taken it over. A handler
   * ends soon then by throwing (`signal.throwIfAborted()`): one that returns has done all of its work.
   */
  readonly signal: AbortSignal;
  /** How far it is, in the unit of the job; written once a second at most. */
  progress(done: number, total?: number): void;
  /**
   * Saves where an attempt after this one goes on.
   * @param manager of the transaction that does the work up to there, where it shall be done exactly once
   * @throws JobLostError when another process has taken the job over: what is in the transaction must not be done
   */
  saveCursor(cursor: unknown, manager?: EntityManager): Promise<void>;
  /** The entry that it makes, written with the next progress. */
  result(entryId: string): void;
}

export type JobHandler = (job: JobWork, context: JobContext) => Promise<void>;

/** A job that this process has taken. */
export interface ClaimedJob extends JobWork {
  readonly kind: JobKind;
  readonly title: string;
  /** How often it was taken, this time included: with the holder it says whose a write is. */
  readonly attempts: number;
  readonly isCancelling: boolean;
  readonly progress: Job['progress'];
  readonly resultId: string | null;
}

/** How far a job is. */
export interface JobReport {
  readonly done: number;
  readonly total: number | null;
  readonly resultId: string | null;
}
