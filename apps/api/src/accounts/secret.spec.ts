import { describe, expect, it } from '@jest/globals';

import { hashSecret, newSecret } from './secret';

describe('newSecret', () => {
  it('should be 32 letters and digits that are not taken for each other', () => {
    for (let round = 0; round < 50; round += 1)
      expect(newSecret()).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{32}$/);
  });

  it('should use each of the 32 characters at each place when it is made often', () => {
    const secrets = Array.from({ length: 2000 }, newSecret);
    for (const place of [0, 15, 31])
      expect(new Set(secrets.map((secret) => secret[place])).size).toBe(32);
  });
});

describe('hashSecret', () => {
  it('should be SHA-256, as the test vector of FIPS 180 has it', () => {
    expect(hashSecret('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
