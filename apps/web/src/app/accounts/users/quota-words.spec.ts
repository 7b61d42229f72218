import { gigabytesOf, quotaOf, quotaShare, quotaText, quotaTone } from './quota-words';

describe('quotaText', () => {
  it('should say what is used, and of how much where there is a quota', () => {
    expect(quotaText({ usedBytes: 12_400_000_000, quotaBytes: null })).toBe('12.4\u00a0GB');
    expect(quotaText({ usedBytes: 12_400_000_000, quotaBytes: 50_000_000_000 })).toBe(
      '12.4\u00a0GB of 50.0\u00a0GB',
    );
  });
});

describe('quotaShare', () => {
  it('should be no more than all, and all of nothing', () => {
    expect(quotaShare({ usedBytes: 1, quotaBytes: null })).toBeNull();
    expect(quotaShare({ usedBytes: 1, quotaBytes: 4 })).toBe(0.25);
    expect(quotaShare({ usedBytes: 5, quotaBytes: 4 })).toBe(1);
    expect(quotaShare({ usedBytes: 0, quotaBytes: 0 })).toBe(1);
  });
});

describe('quotaTone', () => {
  it.each([
    [79, 100, 'accent'],
    [80, 100, 'warning'],
    [95, 100, 'alarm'],
    [0, 0, 'alarm'],
    [95, null, 'accent'],
  ] as const)('should be, of %s used of %s, that of a drive: %s', (usedBytes, quotaBytes, tone) => {
    expect(quotaTone({ usedBytes, quotaBytes })).toBe(tone);
  });
});

describe('quotaOf', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['50', 50_000_000_000],
    ['0.5', 500_000_000],
    ['0,5', 500_000_000],
    ['0', 0],
    ['-1', undefined],
    ['much', undefined],
    ['1e3', undefined],
    ['99999999', undefined],
  ])('should read %p as %p', (text, bytes) => {
    expect(quotaOf(text)).toBe(bytes);
  });

  it('should read what gigabytesOf has written', () => {
    for (const bytes of [null, 0, 1, 1_234_567_890, 50_000_000_000])
      expect(quotaOf(gigabytesOf(bytes))).toBe(bytes);
  });
});
