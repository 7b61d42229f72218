import { collapsePath } from './collapsed-path';

describe('collapsePath', () => {
  it.each([
    ['', 3, '|'],
    ['abc', 3, '||abc'],
    ['abcd', 3, 'a|b|cd'],
    ['abcdef', 3, 'a|bcd|ef'],
    ['ab', 1, '|a|b'],
    ['a', 1, '||a'],
  ])('should leave of %j at most %s in sight', (letters, most, expected) => {
    const { first, hidden, last } = collapsePath([...letters], most);
    expect([first, hidden, last].map((part) => part.join('')).join('|')).toBe(
      expected === '|' ? '||' : expected,
    );
  });
});
