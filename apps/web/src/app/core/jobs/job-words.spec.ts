import { exampleJob } from '../testing/example-job';
import { endWords, progressOf } from './job-words';

describe('progressOf', () => {
  it.each([
    [{ unit: 'entries', done: 1200, total: 5000 }, 0.24, '1,200 of 5,000 entries'],
    [{ unit: 'entries', done: 1, total: null }, null, '1 entry'],
    [{ unit: 'bytes', done: 1.2e9, total: 3.9e9 }, 1.2 / 3.9, '1.2 of 3.9\u00a0GB'],
    [{ unit: 'bytes', done: 5, total: null }, null, '5\u00a0B'],
    [{ unit: 'bytes', done: 0, total: 0 }, 0, '0 of 0\u00a0B'],
  ] as const)('should tell %j', (progress, share, words) => {
    expect(progressOf(exampleJob({ progress }))).toEqual({ share, words });
  });

  it('should say what it waits for when it does not run', () => {
    expect(progressOf(exampleJob({ state: 'queued' })).words).toBe('Waiting');
    expect(progressOf(exampleJob({ isCancelling: true })).words).toBe('Stopping');
  });
});

describe('endWords', () => {
  it.each([
    ['done', 'Copy of “Summer” is done.'],
    ['cancelled', 'Copy of “Summer” was stopped.'],
    ['failed', 'Copy of “Summer” failed. The drive is full.'],
  ] as const)('should tell how a job ended when it is %s', (state, words) => {
    const problem = { code: 'drives.full', detail: 'The drive is full.' };
    expect(endWords(exampleJob({ state, problem }))).toBe(words);
  });
});
