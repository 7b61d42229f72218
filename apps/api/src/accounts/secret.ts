import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 20;
/** Crockford's base 32: no letters that are taken for digits, and 5 bits each. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BITS_EACH = 5;

/** 160 random bits as 32 letters and digits. */
export function newSecret(): string {
  const bytes = randomBytes(SECRET_BYTES);
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= BITS_EACH) {
      bits -= BITS_EACH;
      text += ALPHABET[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

/**
 * How a secret of that many random bits is kept: SHA-256 suffices, for there is nothing to guess. Looking
 * up by it tells nothing by time either, because nobody can choose a hash.
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
