import { describe, expect, it } from '@jest/globals';

import { chooseGrid, toPoints } from './downsampling';

const INTERVAL_MS = 2000;

/** Times of samples, such as 0, 2, 4 for the seconds 0, 2 and 4. */
function seconds(...times: number[]): Float64Array {
  return Float64Array.from(times, (time) => time * 1000);
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString();
}

describe('chooseGrid', () => {
  it('should leave the samples as they are when there are no more of them than points', () => {
    expect(chooseGrid(seconds(0, 2, 4), 3, INTERVAL_MS)).toBeNull();
    expect(chooseGrid(seconds(), 1, INTERVAL_MS)).toBeNull();
  });

  it('should make stretches of whole intervals when there are more', () => {
    expect(chooseGrid(seconds(10, 12, 14, 16, 18), 2, INTERVAL_MS)).toEqual({
      startMs: 10_000,
      widthMs: 6000,
    });
  });

  it.each([1, 2, 3, 7, 100, 449])('should never give more than %i points', (points) => {
    const times = Float64Array.from(
      { length: 450 },
      (_, index) => index * INTERVAL_MS + (index % 7),
    );
    const grid = chooseGrid(times, points, INTERVAL_MS);

    expect(toPoints(times, times, grid).length).toBeLessThanOrEqual(points);
  });
});

describe('toPoints', () => {
  it('should give each value as a point of its own when there is no grid', () => {
    expect(toPoints(seconds(0, 2), Float64Array.of(5, 7), null)).toEqual([
      [iso(0), 5, 5, 5],
      [iso(2), 7, 7, 7],
    ]);
  });

  it('should give the least, the mean and the greatest of each stretch', () => {
    const values = Float64Array.of(1, 5, 3, 10, 20);

    expect(toPoints(seconds(0, 2, 4, 6, 8), values, { startMs: 0, widthMs: 6000 })).toEqual([
      [iso(0), 1, 3, 5],
      [iso(6), 10, 15, 20],
    ]);
  });

  it('should have no point where nothing was known', () => {
    const values = Float64Array.of(1, Number.NaN, 3);

    expect(toPoints(seconds(0, 2, 4), values, null).map(([time]) => time)).toEqual([
      iso(0),
      iso(4),
    ]);
  });

  it('should keep a gap when samples are drawn together', () => {
    const times = seconds(0, 2, 4, 6, 100, 102, 104, 106);
    const grid = chooseGrid(times, 7, INTERVAL_MS);

    const points = toPoints(times, times, grid).map(([time]) => Date.parse(time) / 1000);

    const widthSeconds = (grid?.widthMs ?? 0) / 1000;
    const distances = points.slice(1).map((time, index) => time - (points[index] ?? 0));
    expect(widthSeconds).toBeGreaterThan(0);
    expect(Math.max(...distances)).toBeGreaterThan(1.5 * widthSeconds);
  });
});
