import { describe, expect, it } from '@jest/globals';

import { bytesOfName, isBrokenName, nameOfBytes } from './name-bytes';

describe('names and bytes', () => {
  it.each([
    ['plain.txt', Buffer.from('plain.txt')],
    ['Grüße 日本 😀', Buffer.from('Grüße 日本 😀')],
    ['caf\uefe9.txt', Buffer.from('caf\xe9.txt', 'latin1')],
    ['a\uef80\uefc3', Buffer.from([0x61, 0x80, 0xc3])],
    ['\uefed\uefa0\uef80', Buffer.from([0xed, 0xa0, 0x80])],
    ['\uefee\uefbe\uef80', Buffer.from('\uef80')],
    ['\ufeffmark', Buffer.from('\ufeffmark')],
  ])('should lead from bytes to %j and back', (name, bytes) => {
    expect(nameOfBytes(bytes)).toBe(name);
    expect(Buffer.from(bytesOfName(name))).toEqual(bytes);
  });

  it('should give each name of random bytes one text, and back', () => {
    let seed = 7;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(
        Array.from({ length: 1 + (next() % 12) }, () => (next() >> 8) % 256),
      );
      expect(Buffer.from(bytesOfName(nameOfBytes(bytes)))).toEqual(bytes);
    }
  });

  it('should tell which names are no UTF-8', () => {
    expect(isBrokenName('Grüße')).toBe(false);
    expect(isBrokenName('caf\uefe9')).toBe(true);
  });
});
