import { runBounded } from './run-bounded';

describe('runBounded', () => {
  const numbers = Array.from({ length: 20 }, (_, index) => index);

  it('should do all of them, never more than four at once', async () => {
    let running = 0;
    let most = 0;
    const finished: number[] = [];
    const outcome = await runBounded({
      items: numbers,
      act: async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      },
      onProgress: (count) => finished.push(count),
      isStopped: () => false,
    });
    expect(outcome.done).toHaveLength(20);
    expect(outcome.isStopped).toBe(false);
    expect(most).toBe(4);
    expect(finished.at(-1)).toBe(20);
  });

  it('should go on when one fails, and tell which one and why', async () => {
    const outcome = await runBounded({
      items: numbers,
      act: (item) => (item % 10 === 3 ? Promise.reject(new TypeError('away')) : Promise.resolve()),
      onProgress: () => undefined,
      isStopped: () => false,
    });
    expect(outcome.failed.map(({ item }) => item)).toEqual([3, 13]);
    expect(outcome.failed[0]?.problem.code).toBe('web.unreachable');
    expect(outcome.done).toHaveLength(18);
  });

  it('should leave the rest undone when it is stopped', async () => {
    let count = 0;
    const outcome = await runBounded({
      items: numbers,
      act: async () => {
        count += 1;
        await Promise.resolve();
      },
      onProgress: () => undefined,
      isStopped: () => count >= 8,
    });
    expect(outcome.done.length).toBeLessThan(13);
    expect(outcome.isStopped).toBe(true);
  });
});
