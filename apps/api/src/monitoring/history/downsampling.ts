import type { HistoryPoint } from '@homeserver/dto';

/** How samples are drawn together into points: each covers `widthMs` from `startMs` on. */
export interface Grid {
  readonly startMs: number;
  readonly widthMs: number;
}

/**
 * The finest grid of whole sample intervals that covers `times` with at most `points` points; null
 * when there are no more samples than points, and each becomes a point of its own.
 */
export function chooseGrid(times: Float64Array, points: number, intervalMs: number): Grid | null {
  const startMs = times[0];
  const endMs = times.at(-1);
  if (startMs === undefined || endMs === undefined || times.length <= points) return null;
  const intervals = Math.floor((endMs - startMs) / (points * intervalMs)) + 1;
  return { startMs, widthMs: intervals * intervalMs };
}

/**
 * The points `[time, minimum, mean, maximum]` of a series, in order of time. A point stands at the
 * beginning of its stretch; where a stretch has no value there is no point, so a gap stays one.
 */
export function toPoints(
  times: Float64Array,
  values: Float64Array,
  grid: Grid | null,
): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  let stretch = new Stretch(Number.NaN);
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    const time = startOf(times[index] ?? Number.NaN, grid);
    if (time !== stretch.startMs) {
      stretch.appendTo(points);
      stretch = new Stretch(time);
    }
    stretch.add(value);
  });
  stretch.appendTo(points);
  return points;
}

function startOf(time: number, grid: Grid | null): number {
  if (grid === null) return time;
  return grid.startMs + Math.floor((time - grid.startMs) / grid.widthMs) * grid.widthMs;
}

/** Adds up the values of one point. */
class Stretch {
  private count = 0;
  private sum = 0;
  private minimum = Number.POSITIVE_INFINITY;
  private maximum = Number.NEGATIVE_INFINITY;

  constructor(readonly startMs: number) {}

  add(value: number): void {
    this.count += 1;
    this.sum += value;
    this.minimum = Math.min(this.minimum, value);
    this.maximum = Math.max(this.maximum, value);
  }

  appendTo(points: HistoryPoint[]): void {
    if (this.count === 0) return;
    const time = new Date(this.startMs).toISOString();
    points.push([time, this.minimum, this.sum / this.count, this.maximum]);
  }
}
