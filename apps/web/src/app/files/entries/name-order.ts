const DIGITS_OF_LENGTH = 3;

/** A name as people look for it: without case and accents. */
export function foldName(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * What names are sorted by, as the server does it, so that a new entry finds its place among those
 * that are shown: folded, numbers by their value (apple, IMG_2, IMG_10, Zoo).
 */
export function sortKeyOf(name: string): string {
  return foldName(name).replace(/\d+/g, (digits) => {
    const significant = digits.replace(/^0+(?=\d)/, '');
    return `0${String(significant.length).padStart(DIGITS_OF_LENGTH, '0')}${significant}`;
  });
}

/** Below 0 when `left` comes first. By code units, which is by bytes for all but the rarest names. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
