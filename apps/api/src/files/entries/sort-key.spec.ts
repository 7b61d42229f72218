import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sortKeyOf } from './sort-key';

function sorted(names: string[]): string[] {
  return [...names].sort((one, other) =>
    Buffer.compare(Buffer.from(sortKeyOf(one)), Buffer.from(sortKeyOf(other))),
  );
}

describe('sortKeyOf', () => {
  it('should sort numbers by value when names differ by a number', () => {
    expect(sorted(['IMG_10', 'Zoo', 'IMG_2', 'apple', 'IMG_1'])).toEqual([
      'apple',
      'IMG_1',
      'IMG_2',
      'IMG_10',
      'Zoo',
    ]);
  });

  it('should fold case and accents when names differ by them', () => {
    expect(sortKeyOf('Élan')).toBe(sortKeyOf('elan'));
    expect(sortKeyOf('e\u0301lan')).toBe(sortKeyOf('élan'));
  });

  it('should ignore leading zeros when it compares numbers', () => {
    expect(sortKeyOf('a007')).toBe(sortKeyOf('a7'));
    expect(sorted(['a010', 'a9'])).toEqual(['a9', 'a010']);
  });

  it('should order whole numbers as numbers when they are any', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        (one, other) => {
          const compared = Buffer.compare(
            Buffer.from(sortKeyOf(`x${one}y`)),
            Buffer.from(sortKeyOf(`x${other}y`)),
          );
          expect(compared).toBe(one < other ? -1 : one > other ? 1 : 0);
        },
      ),
    );
  });

  it('should fit an index row when a name is made of what grows most', () => {
    for (const name of [
      '1a'.repeat(127),
      '\u1e9e'.repeat(85),
      '\ufdfa'.repeat(85),
      '9'.repeat(255),
    ]) {
      expect(Buffer.byteLength(sortKeyOf(name))).toBeLessThanOrEqual(800);
    }
  });
});
