import { type ChartExtent, type ChartPoint, nearestIndex, shareOf } from './chart-geometry';

/** What a reader finds at a time of a chart. */
export interface ChartReading {
  /** Of the value, or where there is none, the time that was asked for. */
  readonly time: number;
  /** null in a gap. */
  readonly value: number | null;
  /** From the left, 0 to 1. */
  readonly across: number;
  /** From the bottom, 0 to 1; null in a gap. */
  readonly up: number | null;
}

const LARGE_STEP = 15;

/** The value nearest to a time; null where the series has none at all. */
export function readAt(
  points: readonly ChartPoint[],
  extent: ChartExtent,
  gapMs: number,
  time: number,
): ChartReading | null {
  const point = points[nearestIndex(points, time)];
  if (point === undefined) return null;
  if (Math.abs(point.time - time) > gapMs) {
    return { time, value: null, across: acrossOf(time, extent), up: null };
  }
  return {
    time: point.time,
    value: point.value,
    across: acrossOf(point.time, extent),
    up: shareOf(point.value, extent),
  };
}

/**
 * Which sample a key leads to, by the keys of a slider in the WAI-ARIA Authoring Practices.
 * @returns null for every other key
 */
export function indexAfterKey(key: string, index: number, lastIndex: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - LARGE_STEP,
    PageUp: index + LARGE_STEP,
    Home: 0,
    End: lastIndex,
  };
  const next = steps[key];
  return next === undefined ? null : Math.min(lastIndex, Math.max(0, next));
}

function acrossOf(time: number, { from, to }: ChartExtent): number {
  return Math.min(1, Math.max(0, (time - from) / (to - from)));
}
