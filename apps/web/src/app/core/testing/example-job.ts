import type { Job } from '@homeserver/dto';

/** A copy under way, for tests. */
export function exampleJob(values: Partial<Job> = {}): Job {
  return {
    id: 'job-1',
    kind: 'copy',
    state: 'running',
    title: 'Copy of “Summer”',
    driveId: 'drive-1',
    userId: 'user-1',
    progress: { unit: 'entries', done: 3, total: 12 },
    isCancelling: false,
    resultId: null,
    problem: null,
    createdAt: '2026-08-14T10:00:00.000Z',
    startedAt: '2026-08-14T10:00:00.000Z',
    finishedAt: null,
    ...values,
  };
}
