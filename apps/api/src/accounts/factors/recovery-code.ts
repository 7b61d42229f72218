import { hashSecret, newSecret } from '../secret';

/** 60 random bits: nobody guesses them, and they can be copied from paper. */
const CHARACTERS = 12;
const GROUPS = /.{4}(?=.)/g;
export const RECOVERY_CODES = 10;

/** Such as `7f3k-q9xd-2m4t`. */
export function newRecoveryCode(): string {
  return newSecret().slice(0, CHARACTERS).replace(GROUPS, '$&-');
}

/**
 * How a recovery code is kept. It is taken as people read it from paper: in either case, with or without the
 * hyphens, and with the letters that Crockford's base 32 leaves out for the digits that they look like.
 */
export function hashRecoveryCode(code: string): Buffer {
  const plain = code.toLowerCase().replace(/[\s-]/g, '').replace(/[il]/g, '1').replace(/o/g, '0');
  return hashSecret(plain);
}
