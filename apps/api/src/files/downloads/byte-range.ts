/** A part of a file; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More parts than any honest client asks for; many small ones cost more than the whole file. */
const MAXIMUM_RANGES = 16;

/**
 * The parts that a Range header asks for: RFC 9110, section 14. Those that overlap are one. What we do not serve as parts (too many, another unit, a syntax error) is answered with the whole file, as
 * section 14.2 allows.
 * @returns null for the whole file
 */
export function requestedRanges(
  header: string | undefined,
  size: number,
): readonly ByteRange[] | 'unsatisfiable' | null {
  const [, list] = /^bytes=(.*)$/i.exec(header?.trim() ?? '') ?? [];
  if (list === undefined) return null;
  const texts = list.split(',').map((text) => text.trim());
  const specified = texts.filter((text) => text !== '');
  if (specified.length === 0 || specified.length > MAXIMUM_RANGES) return null;
  const ranges: ByteRange[] = [];
  for (const text of specified) {
    const range = parseRange(text, size);
    if (range === null) return null;
    if (range !== 'unsatisfiable') ranges.push(range);
  }
  return ranges.length === 0 ? 'unsatisfiable' : coalesce(ranges);
}

function parseRange(text: string, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(text) ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Number(last);
    if (length === 0) return 'unsatisfiable';
    // Section 14.1.2: the last bytes of an empty file are all of it, and no Content-Range can say so.
    return size === 0 ? null : { start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) };
}

/** In the order in which they were asked for. */
function coalesce(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: ByteRange[] = [];
  for (const range of ranges) {
    let wider = range;
    let at = merged.length;
    // What it is merged with may overlap with another one.
    for (;;) {
      const found = merged.findIndex((other) => overlap(other, wider));
      const other = merged[found];
      if (other === undefined) break;
      wider = { start: Math.min(other.start, wider.start), end: Math.max(other.end, wider.end) };
      merged.splice(found, 1);
      at = Math.min(at, found);
    }
    merged.splice(at, 0, wider);
  }
  return merged;
}

function overlap(one: ByteRange, other: ByteRange): boolean {
  return one.start < other.end && other.start < one.end;
}
