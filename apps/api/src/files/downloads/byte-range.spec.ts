import { describe, expect, it } from '@jest/globals';

import { requestedRange } from './byte-range';

describe('requestedRange', () => {
  it.each([
    ['bytes=0-99', { start: 0, end: 100 }],
    ['bytes=990-', { start: 990, end: 1000 }],
    ['bytes=-10', { start: 990, end: 1000 }],
    ['bytes=990-5000', { start: 990, end: 1000 }],
  ])('should give the part when the header is %s', (header, part) => {
    expect(requestedRange(header, 1000)).toEqual(part);
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])(
    'should be unsatisfiable when the header is %s',
    (header) => {
      expect(requestedRange(header, 1000)).toBe('unsatisfiable');
    },
  );

  it.each([undefined, 'lines=1-2', 'bytes=a-b', 'bytes=0-1,500-501', 'bytes=5-2'])(
    'should give the whole file when the header is %s',
    (header) => {
      expect(requestedRange(header, 1000)).toBeNull();
    },
  );
});
