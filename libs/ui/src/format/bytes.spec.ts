import { bytesText, byteUnitOf, formatBytes, formatBytesIn } from './bytes';

describe('formatBytes', () => {
  it.each([
    [0, '0', 'B'],
    [999, '999', 'B'],
    [1000, '1', 'kB'],
    [188_416, '188', 'kB'],
    [3_812_000, '3.8', 'MB'],
    [48_213_000, '48.2', 'MB'],
    [112e9, '112', 'GB'],
    [1.22e12, '1.2', 'TB'],
    [5e15, '5.0', 'PB'],
    [5e18, '5000', 'PB'],
  ])('should choose the unit that reads best when there are %d bytes', (bytes, value, unit) => {
    expect(formatBytes(bytes)).toEqual({ value, unit });
  });

  it.each([
    [999_499, '999', 'kB'],
    [999_500, '1.0', 'MB'],
    [999_600_000, '1.0', 'GB'],
    [99_960_000, '100', 'MB'],
  ])('should never show 1000 of a unit when %d bytes round up', (bytes, value, unit) => {
    expect(formatBytes(bytes)).toEqual({ value, unit });
  });
});

describe('bytesText', () => {
  it('should not break between the number and its unit', () => {
    expect(bytesText(3_812_000)).toBe('3.8\u00a0MB');
  });
});

describe('formatBytesIn', () => {
  it('should stay in the unit of the total when it is given', () => {
    expect(formatBytesIn(4e10, byteUnitOf(2e12))).toBe('0.0');
    expect(formatBytesIn(1.22e12, 'TB')).toBe('1.2');
  });
});
