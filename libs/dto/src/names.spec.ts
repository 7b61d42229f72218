import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { nameFault, nameSchema, utf8Length } from './names';

describe('nameFault', () => {
  it.each([
    'a.txt',
    '.hidden',
    '...',
    'Zoë 🦊.jpg',
    'a\\b',
    ' ',
    'x'.repeat(255),
    'ä'.repeat(127),
    'a:b*?"<>|',
  ])('should find no fault when the name is %j', (name) => {
    expect(nameFault(name)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['.', '“.”'],
    ['..', '“..”'],
    ['a/b', 'slash'],
    ['a\0b', 'control'],
    ['a\nb', 'control'],
    ['a\u007fb', 'control'],
    ['a\u0085b', 'control'],
    ['a\ud800', 'Unicode'],
    ['\udc00a', 'Unicode'],
    ['x'.repeat(256), '255 bytes'],
    ['ä'.repeat(128), '255 bytes'],
  ])('should say what is wrong when the name is %j', (name, words) => {
    expect(nameFault(name)).toContain(words);
  });

  it('should let through only what fits in one part of a path when anything is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        fc.pre(nameFault(name) === null);
        expect(name.split('/')).toEqual([name]);
        expect(['', '.', '..']).not.toContain(name);
        expect(name).not.toContain('\0');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(Buffer.from(name).toString()).toBe(name);
      }),
    );
  });

  it('should be what the schema says when anything is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const result = nameSchema.safeParse(name);
        expect(result.error?.issues[0]?.message ?? null).toBe(nameFault(name));
      }),
    );
  });
});

describe('utf8Length', () => {
  it('should count bytes as Node.js does when the text is well-formed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => utf8Length(text) === Buffer.byteLength(text),
      ),
    );
  });
});
