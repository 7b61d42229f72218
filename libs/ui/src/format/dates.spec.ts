import { formatAge, formatClock, formatDateTime, formatDay, formatDuration } from './dates';

const NOW = new Date(2026, 7, 14, 19, 42, 30);

function before(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

describe('formatDay', () => {
  it.each([
    [new Date(2026, 7, 14, 0, 1), 'today'],
    [new Date(2026, 7, 13, 23, 59), 'yesterday'],
    [new Date(2026, 7, 2, 12), '2 Aug'],
    [new Date(2024, 7, 14, 12), '14 Aug 2024'],
  ])('should be as short as it stays clear when the day is %s', (date, text) => {
    expect(formatDay(date, NOW)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [before(-5), 'now'],
    [before(59), 'now'],
    [before(60), '1 min'],
    [before(3599), '59 min'],
    [before(3600), '1 h'],
    [before(5 * 3600), '5 h'],
    [new Date(2026, 7, 14, 3, 10), '03:10'],
    [new Date(2026, 7, 13, 3, 10), 'yesterday'],
  ])('should tell how long ago %s was', (date, text) => {
    expect(formatAge(date, NOW)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [25.9, '25 s'],
    [240, '4 min'],
    [11_520, '3 h 12 min'],
    [1_051_200, '12 d 4 h'],
  ])('should name the two largest parts when it is %d seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatDateTime', () => {
  it('should name day and time', () => {
    expect(formatDateTime(NOW)).toBe('14 Aug 2026, 19:42');
    expect(formatClock(NOW)).toBe('19:42');
  });
});
