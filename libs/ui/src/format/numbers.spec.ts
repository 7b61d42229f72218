import { countOf, formatCount } from './numbers';

describe('countOf', () => {
  it('should take the singular when there is one', () => {
    expect(countOf(1, 'file')).toBe('1 file');
  });

  it('should group the digits and take the plural when there are many', () => {
    expect(countOf(48_213, 'file')).toBe('48,213 files');
    expect(countOf(0, 'entry', 'entries')).toBe('0 entries');
    expect(formatCount(1_000_000)).toBe('1,000,000');
  });
});
