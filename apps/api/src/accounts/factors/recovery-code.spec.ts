import { describe, expect, it } from '@jest/globals';

import { hashRecoveryCode, newRecoveryCode } from './recovery-code';

describe('a recovery code', () => {
  it('should be three groups of four', () => {
    expect(newRecoveryCode()).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
    expect(newRecoveryCode()).not.toBe(newRecoveryCode());
  });

  it.each(['7F3K-Q9XD-0m11', '7f3kq9xd0m11', ' 7f3k q9xd 0m11 ', '7f3k-q9xd-OmIl'])(
    'should be known when it is given as “%s”',
    (given) => {
      expect(hashRecoveryCode(given)).toEqual(hashRecoveryCode('7f3k-q9xd-0m11'));
    },
  );

  it('should be another one when a character is another', () => {
    expect(hashRecoveryCode('7f3k-q9xd-0m12')).not.toEqual(hashRecoveryCode('7f3k-q9xd-0m11'));
  });
});
