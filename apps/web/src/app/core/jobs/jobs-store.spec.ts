import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Job } from '@homeserver/dto';

import { exampleJob } from '../testing/example-job';
import { JobsStore } from './jobs-store';

const ACTIVE = '/api/v1/jobs?active=1&limit=1000';

describe('JobsStore', () => {
  let server: HttpTestingController;
  let store: JobsStore;
  let ended: Job[];

  beforeEach(() => {
    jest.useFakeTimers();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting()],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(JobsStore);
    ended = [];
    store.ended.subscribe((job) => ended.push(job));
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  async function answer(items: readonly Job[]): Promise<void> {
    server.expectOne(ACTIVE).flush({ items, nextCursor: null });
    await jest.advanceTimersByTimeAsync(0);
  }

  it('should ask once when nothing runs', async () => {
    await answer([]);
    await jest.advanceTimersByTimeAsync(60_000);

    server.verify();
    expect(store.jobs()).toEqual([]);
  });

  it('should look on while something runs, and tell how it ended', async () => {
    await answer([exampleJob()]);
    expect(store.jobs()).toHaveLength(1);

    await jest.advanceTimersByTimeAsync(2000);
    await answer([]);
    server.expectOne('/api/v1/jobs/job-1').flush(exampleJob({ state: 'done', resultId: 'copy' }));
    await jest.advanceTimersByTimeAsync(0);

    expect(store.jobs()).toEqual([]);
    expect(ended).toEqual([exampleJob({ state: 'done', resultId: 'copy' })]);
  });

  it('should show at once what an answer told of, and keep it while an older list arrives', async () => {
    store.add(exampleJob({ id: 'new' }));
    expect(store.jobs()).toHaveLength(1);

    await answer([]);

    expect(store.jobs().map(({ id }) => id)).toEqual(['new']);
    expect(ended).toEqual([]);
  });

  it('should say at once that a job is being stopped', async () => {
    await answer([exampleJob()]);

    const stopped = store.cancel(exampleJob());
    expect(store.jobs()[0]?.isCancelling).toBe(true);
    server
      .expectOne({ method: 'DELETE', url: '/api/v1/jobs/job-1' })
      .flush({ code: 'jobs.over' }, { status: 409, statusText: 'Conflict' });
    await jest.advanceTimersByTimeAsync(0);
    await answer([]);
    server.expectOne('/api/v1/jobs/job-1').flush(exampleJob({ state: 'cancelled' }));

    await expect(stopped).resolves.toBeUndefined();
  });

  it('should keep what it knows when the server is away', async () => {
    await answer([exampleJob()]);
    await jest.advanceTimersByTimeAsync(2000);
    server.expectOne(ACTIVE).error(new ProgressEvent('error'));
    await jest.advanceTimersByTimeAsync(0);

    expect(store.jobs()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2000);
    server.expectOne(ACTIVE);
  });
});
