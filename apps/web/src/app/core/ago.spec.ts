import { agoText } from './ago';

const NOW = new Date(2026, 7, 14, 19, 42, 30);

describe('agoText', () => {
  it.each([
    [new Date(2026, 7, 14, 19, 42, 10), 'just now'],
    [new Date(2026, 7, 14, 19, 40), '2 min ago'],
    [new Date(2026, 7, 14, 18, 40), '1 h ago'],
    [new Date(2026, 7, 14, 3, 10), 'today at 03:10'],
    [new Date(2026, 7, 13, 3, 10), 'yesterday'],
    [new Date(2024, 7, 13), '13 Aug 2024'],
  ])('should fit into a sentence when it was at %s', (time, text) => {
    expect(agoText(time.toISOString(), NOW)).toBe(text);
  });
});
