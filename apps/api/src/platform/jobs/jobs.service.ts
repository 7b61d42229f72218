import type { Job, JobPage, ListJobsQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Actor } from '../access/actor';
import { InvalidInputError } from '../http/domain-error';
import type { JobHandler, JobKind, NewJob } from './job';
import { JobRunner } from './job-runner.service';
import { JobNotCancellableError, JobNotFoundError, JobOverError } from './jobs.errors';
import { type JobReader, JobsRepository } from './jobs.repository';

const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What they work on is deleted before they begin: they only make room. */
const UNSTOPPABLE: readonly JobKind[] = ['delete'];

/** Work in the background: domains put it in the queue and say who does it, people see how far it is. */
@Injectable()
export class JobsService {
  constructor(
    private readonly repository: JobsRepository,
    private readonly runner: JobRunner,
  ) {}

  /** Says who does the jobs of a kind, in this and every process. For `onModuleInit`. */
  handle(kind: JobKind, handler: JobHandler): void {
    this.runner.handle(kind, handler);
  }

  /**
   * Puts work in the queue.
   * @param manager of the transaction that it belongs to: call `wake` after the commit, else it begins within 5 s
   */
  async enqueue(job: NewJob, manager?: EntityManager): Promise<Job> {
    const queued = await this.repository.insert(job, manager);
    if (manager === undefined) this.runner.wake();
    return queued;
  }

  /** Work was put in the queue: this process looks at once. */
  wake(): void {
    this.runner.wake();
  }

  /** Those of a kind that are not over yet, the oldest first. @param driveId null: of all drives */
  async findActive(kind: JobKind, driveId: string | null): Promise<Job[]> {
    return this.repository.findActive(kind, driveId);
  }

  /** A page of the jobs that the actor may see, the newest first. @throws InvalidInputError for a foreign cursor */
  async list(actor: Actor, { active, cursor, limit }: ListJobsQuery): Promise<JobPage> {
    if (cursor !== undefined && !CURSOR.test(cursor)) {
      throw new InvalidInputError([
        { pointer: '#/query/cursor', detail: 'This cursor is not one of ours.' },
      ]);
    }
    const found = await this.repository.list(readerOf(actor), {
      isActive: active === '1',
      before: cursor ?? null,
      limit: limit + 1,
    });
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** @throws JobNotFoundError when it is absent, or hidden from the actor */
  async get(actor: Actor, id: string): Promise<Job> {
    const job = await this.repository.find(readerOf(actor), id);
    if (job === null) throw new JobNotFoundError();
    return job;
  }

  /** Asks a job to stop. @throws JobNotFoundError, JobOverError, JobNotCancellableError */
  async cancel(actor: Actor, id: string): Promise<void> {
    const { kind } = await this.get(actor, id);
    if (UNSTOPPABLE.includes(kind)) throw new JobNotCancellableError();
    await this.stop(id);
  }

  /** The same, for whoever looks after the thing that it works on. @throws JobOverError */
  async stop(id: string): Promise<void> {
    if (!(await this.repository.cancel(id))) throw new JobOverError();
    this.runner.cancel(id);
  }
}

/** Administrators see all jobs, others what they asked for. */
function readerOf(actor: Actor): JobReader {
  return { userId: actor.userId, seesAll: actor.scopes.includes('admin') };
}
