import { describe, expect, it } from '@jest/globals';

import { Patience } from './slow-bodies';

const LIMITS = { bytesPerSecond: 1000, graceMs: 30_000 };

/** The second at which patience ends, when each brings so many bytes; null when it does not within the hour. */
function endOf(bytesInSecond: (second: number) => number): number | null {
  const patience = new Patience(LIMITS);
  for (let second = 1; second <= 3600; second++) {
    if (patience.spend(1000, bytesInSecond(second))) return second;
  }
  return null;
}

describe('Patience', () => {
  it.each([
    ['nothing', () => 0, 30],
    ['a byte now and then', () => 1, 31],
    ['half of what it should', () => 500, 59],
    ['a gigabyte, and then nothing', (second: number) => (second === 5 ? 1e9 : 0), 34],
    ['little in bursts', (second: number) => (second % 29 === 0 ? 1000 : 0), 31],
    ['as much as it should', () => 1000, null],
    ['10 kB/s, as an honest slow line', () => 10_000, null],
    ['10 kB/s with gaps', (second: number) => (second % 20 < 10 ? 20_000 : 0), null],
    [
      'a little more than it should, in bursts',
      (second: number) => (second % 20 ? 0 : 21_000),
      null,
    ],
  ] as const)('should end when a body brings %s', (_, bytesInSecond, second) => {
    expect(endOf(bytesInSecond)).toBe(second);
  });

  it('should not end while nobody here waits', () => {
    const patience = new Patience(LIMITS);
    for (let second = 1; second <= 3600; second++) expect(patience.spend(0, 0)).toBe(false);
  });
});
