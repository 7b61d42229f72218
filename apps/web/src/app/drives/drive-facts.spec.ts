import { exampleDrive } from '../core/testing/example-drive';
import { factsOf, roomText } from './drive-facts';

const NOW = new Date('2026-08-14T10:05:00.000Z');

describe('roomText', () => {
  it('should tell what is known of its files when its disk is away', () => {
    const away = { freeBytes: null, totalBytes: null, usedBytes: 5e9 };
    expect(roomText(exampleDrive(away))).toBe('5.0\u00a0GB in its files');
    expect(roomText(exampleDrive({ ...away, freeBytes: 1e12 }))).toBe(
      '5.0\u00a0GB in its files, 1.0\u00a0TB free',
    );
  });

  it('should use one unit for both numbers', () => {
    expect(roomText(exampleDrive({ freeBytes: 1.22e12, totalBytes: 2e12 }))).toBe(
      '0.8 of 2.0\u00a0TB used',
    );
  });
});

describe('factsOf', () => {
  const valuesOf = (values: Parameters<typeof exampleDrive>[0]) =>
    factsOf(exampleDrive(values), NOW).map(({ value }) => value);
  const { index } = exampleDrive();

  it('should tell how changes are noticed and when it was scanned', () => {
    expect(valuesOf({ entryCount: 1204, usedBytes: 5 })).toEqual([
      '1,204 entries',
      '5\u00a0B',
      'At once',
      '5 min ago',
    ]);
    expect(valuesOf({ index: { ...index, watching: 'none', scannedAt: null } }).slice(2)).toEqual([
      'At the next scan',
      'Not yet',
    ]);
  });
});
