import { type Job, jobPageSchema, jobSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';

import { eventually } from '../../../test/eventually';
import { read, readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { uuid7 } from '../database/uuid7';
import { EventTransactions } from '../events/event-transactions';
import { DomainError } from '../http/domain-error';
import type { JobContext, JobHandler, JobWork, NewJob } from './job';
import { JobRunner } from './job-runner.service';
import { JobsRepository } from './jobs.repository';
import { JobsService } from './jobs.service';

/** A handler that tells when it is called, and ends when the test says so. */
class Bench {
  readonly calls: { work: JobWork; context: JobContext; end: (failure?: Error) => void }[] = [];

  readonly handler: JobHandler = async (work, context) => {
    await new Promise<void>((resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      const end = (failure?: Error) => (failure === undefined ? resolve() : reject(failure));
      this.calls.push({ work, context, end });
    });
  };

  async call(number: number) {
    return eventually(() => {
      const call = this.calls[number];
      if (call === undefined) throw new Error(`There were ${this.calls.length} calls.`);
      return call;
    });
  }

  endAll(): void {
    for (const { end } of this.calls) end();
  }
}

describe('jobs', () => {
  let server: TestApp;
  let jobs: JobsService;
  let bench: Bench;
  const others: JobRunner[] = [];

  beforeAll(async () => {
    server = await startTestApp();
    jobs = server.app.get(JobsService);
  });

  afterEach(async () => {
    for (const other of others.splice(0)) await other.onModuleDestroy();
    await eventually(async () => {
      // Also what another one has put back.
      bench.endAll();
      expect(await rowsBeing(['queued', 'running'])).toEqual([]);
    });
  });

  afterAll(async () => {
    await server.close();
  });

  const rowsBeing = (states: string[]) =>
    query(server.database.url, `select id from jobs where state = any ($1)`, [states]);

  function useBench(): Bench {
    bench = new Bench();
    jobs.handle('forget', bench.handler);
    return bench;
  }

  /** As another process on the same database. */
  async function startOther(handler: JobHandler): Promise<JobRunner> {
    const runner = new JobRunner(
      server.app.get(JobsRepository),
      server.app.get(EventTransactions),
      // @ts-expect-error an identity without a file
      { id: uuid7() },
      pino({ level: 'silent' }),
    );
    runner.handle('forget', handler);
    others.push(runner);
    await runner.onApplicationBootstrap();
    return runner;
  }

  const enqueue = (changes: Partial<NewJob> = {}) =>
    jobs.enqueue({
      kind: 'forget',
      title: 'A test',
      driveId: null,
      userId: null,
      input: { some: 'input' },
      unit: 'entries',
      ...changes,
    });

  const readJob = (id: string) => read(server, `/api/v1/jobs/${id}`, jobSchema);

  async function becomes(id: string, state: Job['state']): Promise<Job> {
    return eventually(async () => {
      const job = await readJob(id);
      expect(job.state).toBe(state);
      return job;
    });
  }

  const cancel = (id: string) => fetch(`${server.url}/api/v1/jobs/${id}`, { method: 'DELETE' });

  it('should do a job, and show how far it is and what it made, when one is put in the queue', async () => {
    useBench();
    const { id } = await enqueue({ total: 7 });
    const { work, context, end } = await bench.call(0);
    expect(work).toMatchObject({ id, input: { some: 'input' }, cursor: null });
    context.progress(3);
    await eventually(async () =>
      expect(await readJob(id)).toMatchObject({
        state: 'running',
        progress: { unit: 'entries', done: 3, total: 7 },
      }),
    );
    const resultId = uuid7();
    context.progress(8, 9);
    context.result(resultId);
    end();

    const done = await becomes(id, 'done');
    expect(done).toMatchObject({ resultId, progress: { done: 8, total: 9 }, problem: null });
    expect(done.finishedAt).not.toBeNull();
  });

  it('should work on two at once, and on one of a kind a drive', async () => {
    useBench();
    const [one, other] = [uuid7(), uuid7()];
    const first = await enqueue({ driveId: one });
    const second = await enqueue({ driveId: one });
    const third = await enqueue({ driveId: other });
    const fourth = await enqueue();
    await bench.call(1);
    expect(bench.calls.map(({ work }) => work.id)).toEqual([first.id, third.id]);
    bench.calls[1]?.end();

    await bench.call(2);
    expect(bench.calls[2]?.work.id).toBe(fourth.id);
    bench.calls[0]?.end();
    expect((await bench.call(3)).work.id).toBe(second.id);
  });

  it('should not take a second one of a drive in another process, but one of another drive', async () => {
    useBench();
    const elsewhere = new Bench();
    const [one, other] = [uuid7(), uuid7()];
    await enqueue({ driveId: one });
    await bench.call(0);
    await enqueue({ driveId: uuid7() });
    await bench.call(1);
    await startOther(elsewhere.handler);
    const waiting = await enqueue({ driveId: one });
    const free = await enqueue({ driveId: other });
    others[0]?.wake();

    expect((await elsewhere.call(0)).work.id).toBe(free.id);
    expect((await readJob(waiting.id)).state).toBe('queued');
    elsewhere.endAll();
    bench.endAll();
    await eventually(() => {
      bench.endAll();
      elsewhere.endAll();
      expect(bench.calls.length + elsewhere.calls.length).toBe(4);
    });
  });

  it('should go on at its cursor, in whichever process, when the one that had it is gone', async () => {
    useBench();
    const { id } = await enqueue();
    const { context } = await bench.call(0);
    await context.saveCursor({ at: 4 });
    await query(
      server.database.url,
      `update jobs set lease_until = now() - interval '1 s' where id = $1`,
      [id],
    );
    const elsewhere = new Bench();
    await startOther(elsewhere.handler);
    const taken = await elsewhere.call(0);

    expect(taken.work).toMatchObject({ id, cursor: { at: 4 } });
    await expect(context.saveCursor({ at: 5 })).rejects.toThrow('taken the job over');
    expect(context.signal.aborted).toBe(true);
    await taken.context.saveCursor({ at: 6 });
    taken.end();
    await becomes(id, 'done');
  });

  it('should put a job back, with its cursor and what it said last, when the server stops', async () => {
    useBench();
    const elsewhere = new Bench();
    // So that the other one gets what comes next.
    const blockers = [await enqueue(), await enqueue()];
    await bench.call(1);
    const other = await startOther(elsewhere.handler);
    const { id } = await enqueue();
    other.wake();
    const { context } = await elsewhere.call(0);
    await context.saveCursor({ at: 9 });
    context.progress(5);
    await other.onModuleDestroy();

    expect(await readJob(id)).toMatchObject({ state: 'queued', progress: { done: 5 } });
    bench.endAll();
    expect((await bench.call(2)).work).toMatchObject({ id, cursor: { at: 9 } });
    for (const blocker of blockers) await becomes(blocker.id, 'done');
  });

  it('should take up at once what it was at when it died', async () => {
    useBench();
    const elsewhere = new Bench();
    const { id } = await enqueue();
    await bench.call(0);
    const [row] = await query<{ holder: string }>(
      server.database.url,
      `select lease_holder as holder from jobs where id = $1`,
      [id],
    );
    const again = new JobRunner(
      server.app.get(JobsRepository),
      server.app.get(EventTransactions),
      // @ts-expect-error an identity without a file
      { id: row?.holder },
      pino({ level: 'silent' }),
    );
    again.handle('forget', elsewhere.handler);
    others.push(again);
    await again.onApplicationBootstrap();

    const { work, end } = await elsewhere.call(0);
    expect(work.id).toBe(id);
    end();
    await becomes(id, 'done');
  });

  it('should stop a job, or not begin it, when it is cancelled', async () => {
    useBench();
    const drive = uuid7();
    const running = await enqueue({ driveId: drive });
    const waiting = await enqueue({ driveId: drive });
    const { context } = await bench.call(0);

    expect((await cancel(waiting.id)).status).toBe(204);
    expect((await cancel(running.id)).status).toBe(204);
    expect(context.signal.aborted).toBe(true);
    expect(await becomes(running.id, 'cancelled')).toMatchObject({ isCancelling: false });
    await becomes(waiting.id, 'cancelled');
    expect(bench.calls).toHaveLength(1);
    expect((await readProblem(await cancel(running.id))).code).toBe('jobs.over');
    expect((await readProblem(await cancel(uuid7()))).code).toBe('jobs.not_found');
  });

  it('should hear of a cancellation by another process when it reports', async () => {
    useBench();
    const { id } = await enqueue();
    const { context } = await bench.call(0);
    await server.app.get(JobsRepository).cancel(id);
    expect(await readJob(id)).toMatchObject({ state: 'running', isCancelling: true });
    context.progress(1);

    await becomes(id, 'cancelled');
  });

  it('should say what went wrong, to administrators in the log too, when a job fails', async () => {
    useBench();
    const spoken = await enqueue();
    const unspoken = await enqueue();
    await bench.call(1);
    bench.calls[0]?.end(new DomainError('drives.full', 507, 'There is no room.'));
    bench.calls[1]?.end(new TypeError('x is not a function'));

    expect((await becomes(spoken.id, 'failed')).problem).toEqual({
      code: 'drives.full',
      detail: 'There is no room.',
    });
    const { problem } = await becomes(unspoken.id, 'failed');
    expect(problem?.code).toBe('jobs.internal_error');
    expect(problem?.detail).not.toContain('function');
    const events = await query<{ subject: string; audience: string; data: unknown }>(
      server.database.url,
      `select subject, audience, data from events where type = 'homeserver.job.failed'
       union all select subject, audience, data from event_outbox where type = 'homeserver.job.failed'`,
    );
    expect(events).toContainEqual({
      subject: `jobs/${spoken.id}`,
      audience: 'administrators',
      data: { title: 'A test', code: 'drives.full', detail: 'There is no room.' },
    });
  });

  it('should wait, and not fail, when the drive is away', async () => {
    useBench();
    const { id } = await enqueue();
    (await bench.call(0)).end(new DomainError('drives.offline', 503, 'It is away.'));
    await becomes(id, 'queued');
    const [row] = await query<{ seconds: number }>(
      server.database.url,
      `select extract(epoch from not_before - now())::float as seconds from jobs where id = $1`,
      [id],
    );

    expect(row?.seconds).toBeGreaterThan(20);
    await query(server.database.url, `update jobs set not_before = now() where id = $1`, [id]);
    jobs.wake();
    (await bench.call(1)).end();
    await becomes(id, 'done');
  });

  it('should show members what they asked for, and nothing else', async () => {
    useBench();
    const member = await Person.arrive(server, 'jobseeker');
    const own = await enqueue({ userId: member.id });
    const foreign = await enqueue();
    await bench.call(1);
    const page = jobPageSchema.parse(await (await member.get('/api/v1/jobs')).json());

    expect(page.items.map(({ id }) => id)).toEqual([own.id]);
    expect((await member.get(`/api/v1/jobs/${foreign.id}`)).status).toBe(404);
    expect((await member.call('DELETE', `/api/v1/jobs/${foreign.id}`)).status).toBe(404);
    expect((await member.call('DELETE', `/api/v1/jobs/${own.id}`)).status).toBe(204);
    await becomes(own.id, 'cancelled');
    bench.endAll();
    await becomes(foreign.id, 'done');
    const active = await read(server, '/api/v1/jobs?active=1', jobPageSchema);
    expect(active.items).toEqual([]);
  });

  it('should list the newest first, page by page', async () => {
    useBench();
    const made = [await enqueue(), await enqueue(), await enqueue()].map(({ id }) => id).reverse();
    const first = await read(server, '/api/v1/jobs?limit=2', jobPageSchema);
    const second = await read(
      server,
      `/api/v1/jobs?limit=1&cursor=${first.nextCursor ?? ''}`,
      jobPageSchema,
    );

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
    expect((await fetch(`${server.url}/api/v1/jobs?cursor=x`)).status).toBe(422);
    await eventually(() => {
      bench.endAll();
      expect(bench.calls).toHaveLength(3);
    });
  });

  it('should keep what is over for a week', async () => {
    useBench();
    const { id } = await enqueue();
    (await bench.call(0)).end();
    await becomes(id, 'done');
    const repository = server.app.get(JobsRepository);
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    await query(server.database.url, `update jobs set finished_at = $2 where id = $1`, [
      id,
      daysAgo(7.1),
    ]);
    await repository.deleteOver(daysAgo(7.2));
    expect((await readJob(id)).id).toBe(id);
    await repository.deleteOver(daysAgo(7));

    expect((await fetch(`${server.url}/api/v1/jobs/${id}`)).status).toBe(404);
  });

  it('should begin other work while scans of several drives wait for one another', async () => {
    useBench();
    jobs.handle('scan', bench.handler);
    const scans = [
      await enqueue({ kind: 'scan', driveId: uuid7() }),
      await enqueue({ kind: 'scan', driveId: uuid7() }),
    ];
    const first = await bench.call(0);
    const other = await enqueue();
    const second = await bench.call(1);

    expect(first.work.id).toBe(scans[0]?.id);
    expect(second.work.id).toBe(other.id);
    first.end();
    expect((await bench.call(2)).work.id).toBe(scans[1]?.id);
  });
});
