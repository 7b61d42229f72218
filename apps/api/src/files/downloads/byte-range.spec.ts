import { describe, expect, it } from '@jest/globals';

import { requestedRanges } from './byte-range';

describe('requestedRanges', () => {
  it.each([
    ['bytes=0-99', { start: 0, end: 100 }],
    ['bytes=990-', { start: 990, end: 1000 }],
    ['bytes=-10', { start: 990, end: 1000 }],
    ['bytes=990-5000', { start: 990, end: 1000 }],
  ])('should give the part when the header is %s', (header, part) => {
    expect(requestedRanges(header, 1000)).toEqual([part]);
  });

  it.each([
    [
      'bytes=500-501, 0-1',
      [
        [500, 502],
        [0, 2],
      ],
    ],
    ['bytes=0-10,5-20', [[0, 21]]],
    [
      'bytes=0-10,30-40,900-,8-35',
      [
        [0, 41],
        [900, 1000],
      ],
    ],
    ['bytes=0-1,1000-', [[0, 2]]],
    ['bytes=0-,-1000', [[0, 1000]]],
    [
      'bytes=0-1,,2-3',
      [
        [0, 2],
        [2, 4],
      ],
    ],
  ])('should give the parts, overlapping ones as one, when the header is %s', (header, parts) => {
    expect(requestedRanges(header, 1000)).toEqual(parts.map(([start, end]) => ({ start, end })));
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])(
    'should be unsatisfiable when the header is %s',
    (header) => {
      expect(requestedRanges(header, 1000)).toBe('unsatisfiable');
    },
  );

  it('should give all of a file of no bytes when its last ones are asked for', () => {
    expect(requestedRanges('bytes=-5', 0)).toBeNull();
    expect(requestedRanges('bytes=0-0,-5', 0)).toBeNull();
    expect(requestedRanges('bytes=-0', 0)).toBe('unsatisfiable');
    expect(requestedRanges('bytes=0-', 0)).toBe('unsatisfiable');
  });

  it.each([
    undefined,
    'lines=1-2',
    'bytes=a-b',
    'bytes=0-1,x',
    `bytes=${'0-1,'.repeat(17)}`,
    'bytes=5-2',
  ])('should give the whole file when the header is %s', (header) => {
    expect(requestedRanges(header, 1000)).toBeNull();
  });
});
