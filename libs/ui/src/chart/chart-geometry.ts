/** One value of a series. Times are milliseconds since 1970 and rise. */
export interface ChartPoint {
  readonly time: number;
  readonly value: number;
}

/** The part of time and values that a chart shows. */
export interface ChartExtent {
  readonly from: number;
  readonly to: number;
  readonly bottom: number;
  readonly top: number;
}

/** The plot's own units: its SVG stretches them to whatever room there is. */
export const PLOT_WIDTH = 1000;
export const PLOT_HEIGHT = 100;

const ROUND_STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;

/** Cuts a series where two neighbours are further apart than `gapMs`. */
export function splitAtGaps(
  points: readonly ChartPoint[],
  gapMs: number,
): readonly (readonly ChartPoint[])[] {
  const pieces: ChartPoint[][] = [];
  let previousTime = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const last = pieces.at(-1);
    if (last === undefined || point.time - previousTime > gapMs) pieces.push([point]);
    else last.push(point);
    previousTime = point.time;
  }
  return pieces;
}

/** The path of the line; a point alone becomes a dot under round line ends. */
export function linePath(pieces: readonly (readonly ChartPoint[])[], extent: ChartExtent): string {
  return pieces
    .map((piece) => `M${corners(piece, extent)}${piece.length === 1 ? 'h0' : ''}`)
    .join('');
}

/** The path of the area between the line and the bottom. */
export function areaPath(pieces: readonly (readonly ChartPoint[])[], extent: ChartExtent): string {
  return pieces
    .map((piece) => {
      const first = piece[0];
      const last = piece.at(-1);
      if (first === undefined || last === undefined || piece.length === 1) return '';
      return `M${xOf(first.time, extent)},${PLOT_HEIGHT}L${corners(piece, extent)}L${xOf(last.time, extent)},${PLOT_HEIGHT}Z`;
    })
    .join('');
}

/** How high in the plot a value stands: 0 at the bottom, 1 at the top; never outside. */
export function shareOf(value: number, extent: ChartExtent): number {
  return Math.min(1, Math.max(0, (value - extent.bottom) / (extent.top - extent.bottom)));
}

/** The index of the point nearest to a time; -1 where there are none. */
export function nearestIndex(points: readonly ChartPoint[], time: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const after = points[low];
  const before = points[low - 1];
  if (after === undefined) return -1;
  return before !== undefined && time - before.time <= after.time - time ? low - 1 : low;
}

/** A round number at or above a value, so that a scale rarely changes. */
export function roundTop(value: number, smallest: number): number {
  if (value <= smallest) return smallest;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = ROUND_STEPS.find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}

function corners(piece: readonly ChartPoint[], extent: ChartExtent): string {
  return piece.map((point) => `${xOf(point.time, extent)},${yOf(point.value, extent)}`).join('L');
}

function xOf(time: number, extent: ChartExtent): number {
  return oneDecimal(((time - extent.from) / (extent.to - extent.from)) * PLOT_WIDTH);
}

function yOf(value: number, extent: ChartExtent): number {
  return oneDecimal((1 - shareOf(value, extent)) * PLOT_HEIGHT);
}

/** A tenth of a unit is finer than any screen shows, and keeps the path short. */
function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
