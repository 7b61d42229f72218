import { formatRate, rateText } from './rate';

describe('formatRate', () => {
  it.each([
    [0, '0', 'kB/s'],
    [320, '0', 'kB/s'],
    [20_480, '20', 'kB/s'],
    [18_200_000, '18.2', 'MB/s'],
    [1_250_000_000, '1.3', 'GB/s'],
  ])('should read well when it is %d bytes a second', (rate, value, unit) => {
    expect(formatRate(rate)).toEqual({ value, unit });
  });
});

describe('rateText', () => {
  it('should be a dash when the machine cannot tell', () => {
    expect(rateText(null)).toBe('–');
    expect(rateText(2_100_000)).toBe('2.1\u00a0MB/s');
  });
});
