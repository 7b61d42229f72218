import type { ChartExtent } from './chart-geometry';
import { indexAfterKey, readAt } from './chart-reading';

const EXTENT: ChartExtent = { from: 0, to: 10_000, bottom: 0, top: 100 };
const POINTS = [
  { time: 0, value: 10 },
  { time: 2000, value: 20 },
  { time: 9000, value: 50 },
];

describe('readAt', () => {
  it('should give the sample nearest to a time and where it stands', () => {
    expect(readAt(POINTS, EXTENT, 5000, 8400)).toEqual({
      time: 9000,
      value: 50,
      across: 0.9,
      up: 0.5,
    });
  });

  it('should give the time but no value when it lies in a gap', () => {
    expect(readAt(POINTS, EXTENT, 3000, 5500)).toEqual({
      time: 5500,
      value: null,
      across: 0.55,
      up: null,
    });
  });

  it('should be null when there is nothing at all', () => {
    expect(readAt([], EXTENT, 5000, 5000)).toBeNull();
  });
});

describe('indexAfterKey', () => {
  it.each([
    ['ArrowLeft', 49],
    ['ArrowRight', 51],
    ['PageDown', 35],
    ['PageUp', 65],
    ['Home', 0],
    ['End', 99],
  ])('should move as a slider does when %s is pressed', (key, index) => {
    expect(indexAfterKey(key, 50, 99)).toBe(index);
  });

  it('should stay inside when it is at an end', () => {
    expect(indexAfterKey('ArrowLeft', 0, 99)).toBe(0);
    expect(indexAfterKey('PageUp', 95, 99)).toBe(99);
  });

  it('should be null when the key means nothing to it', () => {
    expect(indexAfterKey('Tab', 50, 99)).toBeNull();
  });
});
