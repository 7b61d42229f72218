/** In pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle among sizes, each with its part of the area and as near to a square as may be: the squarified
 * layout of Bruls, Huizing and van Wijk. Sizes that are 0 get a rectangle without an area.
 * @param sizes the largest first
 * @returns as many rectangles, in the same order
 */
export function squarify(sizes: readonly number[], area: Rectangle): readonly Rectangle[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const placed: Rectangle[] = [];
  let free = area;
  let left = total;
  for (let start = 0; start < sizes.length;) {
    const scale = left === 0 ? 0 : (free.width * free.height) / left;
    const row = rowFrom(sizes, start, { scale, side: Math.min(free.width, free.height) });
    const rowSize = row.reduce((sum, size) => sum + size, 0);
    const { rectangles, rest } = place(row, free, left === 0 ? 0 : rowSize / left);
    placed.push(...rectangles);
    free = rest;
    left -= rowSize;
    start += row.length;
  }
  return placed;
}

interface Measure {
  /** Square pixels for each unit of size. */
  readonly scale: number;
  /** The shorter side of what is free, along which a row lies. */
  readonly side: number;
}

/** The sizes that lie beside each other next: one more as long as that makes the worst of them better. */
function rowFrom(sizes: readonly number[], start: number, measure: Measure): readonly number[] {
  const row: number[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const size of sizes.slice(start)) {
    const next = worstRatio([...row, size], measure);
    if (row.length > 0 && next > worst) break;
    row.push(size);
    worst = next;
  }
  return row;
}

/** How far the worst rectangle of a row is from a square: 1 is one. */
function worstRatio(row: readonly number[], { scale, side }: Measure): number {
  const largest = (row[0] ?? 0) * scale;
  const smallest = (row.at(-1) ?? 0) * scale;
  const sum = row.reduce((area, size) => area + size, 0) * scale;
  if (smallest === 0 || side === 0) return Number.POSITIVE_INFINITY;
  return Math.max((side ** 2 * largest) / sum ** 2, sum ** 2 / (side ** 2 * smallest));
}

/** @param share of the free area that the row takes */
function place(row: readonly number[], free: Rectangle, share: number) {
  const isWide = free.width >= free.height;
  const thickness = (isWide ? free.width : free.height) * share;
  const rowSize = row.reduce((sum, size) => sum + size, 0);
  const side = isWide ? free.height : free.width;
  let offset = 0;
  const rectangles = row.map((size): Rectangle => {
    const length = rowSize === 0 ? 0 : (side * size) / rowSize;
    const along = offset;
    offset += length;
    return isWide
      ? { x: free.x, y: free.y + along, width: thickness, height: length }
      : { x: free.x + along, y: free.y, width: length, height: thickness };
  });
  const rest: Rectangle = isWide
    ? { ...free, x: free.x + thickness, width: free.width - thickness }
    : { ...free, y: free.y + thickness, height: free.height - thickness };
  return { rectangles, rest };
}
