import parseRange from 'range-parser';

/** A part of a file; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that a Range header asks for. One that we do not serve as parts (several ranges, another
 * unit, a syntax error) is answered with the whole file, as RFC 9110, section 14.2, allows.
 * @returns null for the whole file
 */
export function requestedRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  if (header === undefined || !/^bytes=/i.test(header)) return null;
  const ranges = parseRange(size, header, { combine: true });
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.length !== 1 || ranges[0] === undefined) return null;
  return { start: ranges[0].start, end: ranges[0].end + 1 };
}
