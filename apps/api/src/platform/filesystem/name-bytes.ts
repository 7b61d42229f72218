/**
 * Names on a disk are bytes, of which ours are the UTF-8. A byte that is no part of valid UTF-8 becomes a character
 * of U+EF80 to U+EFFF (as in the OPTU-8 encoding of MirBSD), so that such a name can be shown, stored and found
 * again. Those characters themselves are taken byte by byte in the same way: each name has one text, and each text
 * one name.
 */
const ESCAPES = 0xef00;
const ESCAPED = /[\uef80-\uefff]/;
const ALL_ESCAPED = /[\uef80-\uefff]/g;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a name. */
export function nameOfBytes(bytes: Buffer): string {
  try {
    const text = strict.decode(bytes);
    return ESCAPED.test(text) ? text.replace(ALL_ESCAPED, escapeBytes) : text;
  } catch {
    return nameOfBrokenBytes(bytes);
  }
}

/** The bytes of a name; the text itself where its UTF-8 is what lies on the disk. */
export function bytesOfName(name: string): string | Buffer {
  if (!ESCAPED.test(name)) return name;
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(
      ESCAPED.test(character) ? Buffer.of(code - ESCAPES) : Buffer.from(character, 'utf8'),
    );
  }
  return Buffer.concat(parts);
}

/** Whether a name has bytes that are not UTF-8. */
export function isBrokenName(name: string): boolean {
  return ESCAPED.test(name);
}

function escapeBytes(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => String.fromCharCode(ESCAPES + byte)).join('');
}

function nameOfBrokenBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = validLength(bytes, at);
    if (length === 0) {
      text += String.fromCharCode(ESCAPES + (bytes[at] ?? 0));
      at += 1;
    } else {
      const part = strict.decode(bytes.subarray(at, at + length));
      text += ESCAPED.test(part) ? escapeBytes(part) : part;
      at += length;
    }
  }
  return text;
}

/** How long the character is that begins there; 0 when none does. */
function validLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    try {
      strict.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Not a whole character yet, or none at all.
    }
  }
  return 0;
}
