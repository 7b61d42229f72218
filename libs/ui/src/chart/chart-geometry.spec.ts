import {
  areaPath,
  type ChartExtent,
  linePath,
  nearestIndex,
  roundTop,
  shareOf,
  splitAtGaps,
} from './chart-geometry';

const EXTENT: ChartExtent = { from: 0, to: 10_000, bottom: 0, top: 100 };

function series(...points: [number, number][]) {
  return points.map(([time, value]) => ({ time, value }));
}

describe('splitAtGaps', () => {
  it('should keep a series whole when its points follow closely', () => {
    expect(splitAtGaps(series([0, 1], [2000, 2], [7000, 3]), 5000)).toHaveLength(1);
  });

  it('should cut it when two points are further apart than the gap', () => {
    const pieces = splitAtGaps(series([0, 1], [2000, 2], [7001, 3], [9000, 4]), 5000);

    expect(pieces.map((piece) => piece.map((point) => point.value))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('should have no pieces when there are no points', () => {
    expect(splitAtGaps([], 5000)).toEqual([]);
  });
});

describe('linePath', () => {
  it('should lead from the left bottom to the right top when values rise', () => {
    expect(linePath([series([0, 0], [5000, 50], [10_000, 100])], EXTENT)).toBe(
      'M0,100L500,50L1000,0',
    );
  });

  it('should begin anew for each piece when there are gaps', () => {
    expect(linePath([series([0, 0], [1000, 0]), series([9000, 0], [10_000, 0])], EXTENT)).toBe(
      'M0,100L100,100M900,100L1000,100',
    );
  });

  it('should draw a dot when a point stands alone', () => {
    expect(linePath([series([5000, 25])], EXTENT)).toBe('M500,75h0');
  });

  it('should run on past the left edge when points are older than the window', () => {
    expect(linePath([series([-1000, 0], [0, 0])], EXTENT)).toBe('M-100,100L0,100');
  });
});

describe('areaPath', () => {
  it('should go down to the bottom at both ends of each piece', () => {
    expect(areaPath([series([0, 100], [10_000, 100])], EXTENT)).toBe('M0,100L0,0L1000,0L1000,100Z');
  });

  it('should leave a single point without an area', () => {
    expect(areaPath([series([0, 100])], EXTENT)).toBe('');
  });
});

describe('shareOf', () => {
  it('should never leave the plot when a value is out of its range', () => {
    expect(shareOf(150, EXTENT)).toBe(1);
    expect(shareOf(-1, EXTENT)).toBe(0);
    expect(shareOf(60, { ...EXTENT, bottom: 20 })).toBe(0.5);
  });
});

describe('nearestIndex', () => {
  const points = series([0, 1], [2000, 2], [4000, 3]);

  it.each([
    [-500, 0],
    [900, 0],
    [1100, 1],
    [2000, 1],
    [3000, 1],
    [3001, 2],
    [99_000, 2],
  ])('should find the closest sample when the time is %d', (time, index) => {
    expect(nearestIndex(points, time)).toBe(index);
  });

  it('should be -1 when there are no points', () => {
    expect(nearestIndex([], 0)).toBe(-1);
  });
});

describe('roundTop', () => {
  it.each([
    [0, 100_000],
    [99_000, 100_000],
    [130_000, 150_000],
    [20_800_000, 25_000_000],
    [99_000_000, 100_000_000],
    [100_000_000, 100_000_000],
  ])('should be a round number at or above %d', (value, top) => {
    expect(roundTop(value, 100_000)).toBe(top);
  });
});
