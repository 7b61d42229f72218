import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { lowestFreeName, numberedName, splitName } from './free-name';

const taken = (...names: string[]) => {
  const set = new Set(names);
  return (name: string) => set.has(name);
};

describe('splitName', () => {
  it.each([
    ['a.txt', 'a', '.txt'],
    ['a.tar.gz', 'a.tar', '.gz'],
    ['.bashrc', '.bashrc', ''],
    ['..txt', '.', '.txt'],
    ['name', 'name', ''],
    ['dot.', 'dot', '.'],
  ])(
    'should take what follows the last dot for the extension when the name is %s',
    (name, stem, extension) => {
      expect(splitName(name)).toEqual({ stem, extension });
    },
  );
});

describe('lowestFreeName', () => {
  it('should keep the name when it is free', () => {
    expect(lowestFreeName('a.txt', taken())).toBe('a.txt');
  });

  it('should take the lowest free number when some are taken', () => {
    expect(lowestFreeName('a.txt', taken('a.txt'))).toBe('a (2).txt');
    expect(lowestFreeName('a.txt', taken('a.txt', 'a (2).txt', 'a (4).txt'))).toBe('a (3).txt');
  });

  it('should shorten the stem between characters when the name is as long as it may be', () => {
    const name = `${'ä'.repeat(125)}.jpeg`;
    expect(numberedName(name, 2)).toBe(`${'ä'.repeat(123)} (2).jpeg`);
  });

  it('should give a well-formed name of at most 255 bytes when the name is any', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
        fc.nat(99_999),
        (name, number) => {
          const numbered = numberedName(name, number + 2);
          expect(Buffer.byteLength(numbered)).toBeLessThanOrEqual(255);
          expect(numbered).toContain(`(${number + 2})`);
        },
      ),
    );
  });
});
