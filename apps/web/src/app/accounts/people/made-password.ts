/** Letters and digits that nobody takes for another, read aloud or written down. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;
/** The largest multiple of the alphabet's size in a byte: what lies above would favour the first letters. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** A password such as `k7mp-x3tq-9wzr-hd4v`, with 79 random bits: to be told once, and changed or kept. */
export function makePassword(): string {
  const letters: string[] = [];
  while (letters.length < GROUPS * GROUP_LENGTH) {
    // getRandomValues, unlike crypto.subtle, also works over plain HTTP.
    for (const byte of crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LENGTH))) {
      const letter = ALPHABET[byte % ALPHABET.length];
      if (byte < FAIR_BYTES && letter !== undefined) letters.push(letter);
    }
  }
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(''),
  ).join('-');
}
