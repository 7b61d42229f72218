import { describe, expect, it } from '@jest/globals';

import { findTimeStep, newTotpSecret, toBase32, totpUri } from './totp';

/** RFC 6238, appendix B: the secret for SHA-1. Its codes there have eight digits; six are their end. */
const SECRET = Buffer.from('12345678901234567890');

describe('findTimeStep', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('should know the code of RFC 6238 at %d', (atSeconds, code) => {
    expect(findTimeStep(SECRET, code, atSeconds)).toBe(Math.floor(atSeconds / 30));
  });

  /** The code 005924 holds from 1,234,567,890 to 1,234,567,919. */
  it.each([
    ['one step late', 1_234_567_949, 41_152_263],
    ['one step early', 1_234_567_860, 41_152_263],
    ['two steps late', 1_234_567_950, null],
    ['two steps early', 1_234_567_859, null],
  ])('should answer for a clock that is %s', (_clock, atSeconds, step) => {
    expect(findTimeStep(SECRET, '005924', atSeconds)).toBe(step);
  });

  it.each(['', '00592', '0059240', '00592a', ' 05924', '٠٠٥٩٢٤', '-05924'])(
    'should take “%s” for no code',
    (code) => {
      expect(findTimeStep(SECRET, code, 1_234_567_890)).toBeNull();
    },
  );
});

describe('a new secret', () => {
  it('should have 160 bits, which are others each time', () => {
    expect(newTotpSecret()).toHaveLength(20);
    expect(newTotpSecret()).not.toEqual(newTotpSecret());
  });

  it('should be typed in the base 32 of RFC 4648', () => {
    expect(toBase32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });

  it('should stand in the address that authenticator apps read, with whose it is', () => {
    const address = new URL(totpUri(SECRET, 'anna.b'));

    expect(address.protocol).toBe('otpauth:');
    expect(decodeURIComponent(address.pathname)).toMatch(/HomeServer:anna\.b$/);
    expect(address.searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(address.searchParams.get('issuer')).toBe('HomeServer');
  });
});
