import type { Job } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { uuid7 } from '../database/uuid7';
import type { ClaimedJob, JobKind, JobReport, NewJob } from './job';

/** Of the advisory locks, the one under which jobs are taken. */
const CLAIM_LOCK = 7_210_004;
/** Renewed while a job runs: one whose lease ran out belonged to a process that is gone. */
const LEASE = `now() + interval '60 seconds'`;

/** Which jobs a caller may see: all, or those of one user. */
export interface JobReader {
  readonly userId: string;
  readonly seesAll: boolean;
}

/** Who works on a job. Writes of anybody else are refused, also of the same holder at an earlier attempt. */
export interface JobHold {
  readonly jobId: string;
  readonly holder: string;
  readonly attempts: number;
}

/** How a job ends, or why it waits again. */
export type JobEnd =
  | { readonly state: 'done' | 'cancelled' }
  | { readonly state: 'failed'; readonly problem: { code: string; detail: string } };

interface RawJob extends Omit<Job, 'progress' | 'createdAt' | 'startedAt' | 'finishedAt'> {
  readonly unit: Job['progress']['unit'];
  readonly done: string;
  readonly total: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

interface RawClaim extends RawJob {
  readonly input: unknown;
  readonly cursor: unknown;
  readonly attempts: number;
}

const COLUMNS = `id, kind, state, title, drive_id as "driveId", user_id as "userId", progress_unit as unit,
  progress_done as done, progress_total as total, is_cancelling as "isCancelling", result_id as "resultId", problem,
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;
const HELD = `id = $1 and lease_holder = $2 and attempts = $3 and state = 'running'`;
const REPORT = `progress_done = $4, progress_total = $5, result_id = $6`;

/** The table `jobs` is the queue. */
@Injectable()
export class JobsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async insert(job: NewJob, manager: EntityManager = this.dataSource.manager): Promise<Job> {
    const rows: RawJob[] = await manager.query(
      `insert into jobs (id, kind, state, title, drive_id, user_id, input, progress_unit, progress_total, created_at)
       values ($1, $2, 'queued', $3, $4, $5, $6, $7, $8, now()) returning ${COLUMNS}`,
      [
        uuid7(),
        job.kind,
        job.title,
        job.driveId,
        job.userId,
        JSON.stringify(job.input),
        job.unit,
        job.total ?? null,
      ],
    );
    return toJob(first(rows));
  }

  /** A page of jobs, the newest first. @param before the last one of the page before */
  async list(
    reader: JobReader,
    { isActive, before, limit }: { isActive: boolean; before: string | null; limit: number },
  ): Promise<Job[]> {
    const rows: RawJob[] = await this.dataSource.query(
      `select ${COLUMNS} from jobs
       where ($1 or user_id = $2) and (not $3 or state in ('queued', 'running')) and ($4::uuid is null or id < $4)
       order by id desc limit $5`,
      [reader.seesAll, reader.userId, isActive, before, limit],
    );
    return rows.map(toJob);
  }

  /** null when there is none, or none that the reader may see. */
  async find(reader: JobReader, id: string): Promise<Job | null> {
    const rows: RawJob[] = await this.dataSource.query(
      `select ${COLUMNS} from jobs where id = $3 and ($1 or user_id = $2)`,
      [reader.seesAll, reader.userId, id],
    );
    return rows[0] === undefined ? null : toJob(rows[0]);
  }

  /** Those of a kind that are not over yet, the oldest first. @param driveId null: of all drives */
  async findActive(kind: JobKind, driveId: string | null): Promise<Job[]> {
    const rows: RawJob[] = await this.dataSource.query(
      `select ${COLUMNS} from jobs
       where state in ('queued', 'running') and kind = $1 and ($2::uuid is null or drive_id = $2) order by id`,
      [kind, driveId],
    );
    return rows.map(toJob);
  }

  /** Asks a job to stop; one that waits is over at once. @returns false when it is over already */
  async cancel(id: string): Promise<boolean> {
    const [rows]: [unknown[], number] = await this.dataSource.query(
      `update jobs set is_cancelling = (state = 'running'),
         finished_at = case when state = 'queued' then now() end,
         state = case when state = 'queued' then 'cancelled' else state end
       where id = $1 and state in ('queued', 'running') returning id`,
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Takes the next job that waits, or that a process left when it died. Processes take turns, so that of one kind
   * one job at a time works on a drive.
   * @param except those that this process works on, whatever their leases say
   */
  async claim(
    holder: string,
    kinds: readonly JobKind[],
    except: readonly string[],
  ): Promise<ClaimedJob | null> {
    if (!(await this.isAnyWaiting(kinds, except))) return null;
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`select pg_advisory_xact_lock($1)`, [CLAIM_LOCK]);
      const [rows]: [RawClaim[], number] = await manager.query(
        `update jobs set state = 'running', lease_holder = $3, lease_until = ${LEASE}, attempts = attempts + 1,
           started_at = coalesce(started_at, now()), not_before = null
         where id = (
           select j.id from jobs j where ${waiting('j')} and not exists (
             select 1 from jobs o where o.state = 'running' and o.kind = j.kind and o.drive_id = j.drive_id
               and o.id <> j.id and o.lease_until >= now())
           order by j.user_id is null, j.created_at, j.id limit 1 for update skip locked
         ) returning ${COLUMNS}, input, cursor, attempts`,
        [kinds, except, holder],
      );
      return rows[0] === undefined ? null : { ...rows[0], ...toJob(rows[0]) };
    });
  }

  /** Puts back what an earlier process of the same instance was at. */
  async release(holder: string): Promise<void> {
    await this.dataSource.query(
      `update jobs set state = 'queued', lease_holder = null, lease_until = null
       where state = 'running' and lease_holder = $1`,
      [holder],
    );
  }

  /** Notes how far a job is, and that somebody is at it. @returns null when it is no longer this one's */
  async report(hold: JobHold, report: JobReport): Promise<{ isCancelling: boolean } | null> {
    const [rows]: [{ isCancelling: boolean }[], number] = await this.dataSource.query(
      `update jobs set ${REPORT}, lease_until = ${LEASE} where ${HELD} returning is_cancelling as "isCancelling"`,
      parametersOf(hold, report),
    );
    return rows[0] ?? null;
  }

  /** The same with where to go on. @returns false when the job is no longer this one's */
  async saveCursor(
    hold: JobHold,
    report: JobReport & { readonly cursor: unknown },
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const [rows]: [unknown[], number] = await manager.query(
      `update jobs set ${REPORT}, lease_until = ${LEASE}, cursor = $7 where ${HELD} returning id`,
      [...parametersOf(hold, report), JSON.stringify(report.cursor)],
    );
    return rows.length > 0;
  }

  /** @returns false when the job is no longer this one's */
  async finish(
    hold: JobHold,
    report: JobReport,
    end: JobEnd,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const problem = end.state === 'failed' ? JSON.stringify(end.problem) : null;
    const [rows]: [unknown[], number] = await manager.query(
      `update jobs set ${REPORT}, state = $7, problem = $8, is_cancelling = false,
         lease_holder = null, lease_until = null, finished_at = now()
       where ${HELD} returning id`,
      [...parametersOf(hold, report), end.state, problem],
    );
    return rows.length > 0;
  }

  /** Lets a job wait again, at least so long. One that was asked to stop is over. */
  async requeue(hold: JobHold, report: JobReport, pauseMs: number): Promise<void> {
    await this.dataSource.query(
      `update jobs set ${REPORT}, lease_holder = null, lease_until = null,
         state = case when is_cancelling then 'cancelled' else 'queued' end,
         finished_at = case when is_cancelling then now() end,
         not_before = case when is_cancelling then null else now() + $7 * interval '1 millisecond' end,
         is_cancelling = false
       where ${HELD}`,
      [...parametersOf(hold, report), pauseMs],
    );
  }

  /** Removes those that were over before a moment. */
  async deleteOver(before: Date): Promise<void> {
    await this.dataSource.query(`delete from jobs where finished_at < $1`, [before]);
  }

  /** A look that costs next to nothing: most of the time there is nothing to do. */
  private async isAnyWaiting(
    kinds: readonly JobKind[],
    except: readonly string[],
  ): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from jobs j where ${waiting('j')} limit 1`,
      [kinds, except],
    );
    return rows.length > 0;
  }
}

/** Of the kinds $1 and not among $2. */
function waiting(job: string): string {
  return `${job}.kind = any ($1) and ${job}.id <> all ($2) and ${job}.state in ('queued', 'running') and
    case ${job}.state when 'queued' then coalesce(${job}.not_before, now()) <= now() else ${job}.lease_until < now() end`;
}

function parametersOf(
  { jobId, holder, attempts }: JobHold,
  { done, total, resultId }: JobReport,
): unknown[] {
  return [jobId, holder, attempts, done, total, resultId];
}

function toJob(row: RawJob): Job {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title: row.title,
    driveId: row.driveId,
    userId: row.userId,
    progress: {
      unit: row.unit,
      done: Number(row.done),
      total: row.total === null ? null : Number(row.total),
    },
    isCancelling: row.isCancelling,
    resultId: row.resultId,
    problem: row.problem,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

function first<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('The database answered without a row.');
  return row;
}
