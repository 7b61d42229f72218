import { utf8Length } from '@homeserver/dto';

/** An index row of PostgreSQL holds about 2,700 bytes, and the name stands in it as well. */
const MAXIMUM_BYTES = 800;
const DIGITS_OF_LENGTH = 3;
// eslint-disable-next-line no-control-regex -- all of ASCII is meant
export const IS_ASCII = /^[\u0000-\u007f]*$/;

/**
 * What names are sorted by, compared by bytes: case and accents folded, numbers by their value
 * (apple, IMG_2, IMG_10, Zoo). A number becomes `0`, its length, its digits: a longer number is the
 * greater one, and all of them sort where digits do.
 */
export function sortKeyOf(name: string): string {
  const folded = (
    IS_ASCII.test(name) ? name : name.normalize('NFD').replace(/\p{M}/gu, '')
  ).toLowerCase();
  const key = folded.replace(/\d+/g, (digits) => {
    const significant = digits.replace(/^0+(?=\d)/, '');
    return `0${String(significant.length).padStart(DIGITS_OF_LENGTH, '0')}${significant}`;
  });
  return shortenToBytes(key, MAXIMUM_BYTES);
}

/** The longest beginning of a text that fits, cut between characters. */
export function shortenToBytes(text: string, maximumBytes: number): string {
  // No character takes more than three bytes for each of its code units.
  if (text.length * 3 <= maximumBytes || utf8Length(text) <= maximumBytes) return text;
  let length = 0;
  let shortened = '';
  for (const character of text) {
    length += utf8Length(character);
    if (length > maximumBytes) break;
    shortened += character;
  }
  return shortened;
}
