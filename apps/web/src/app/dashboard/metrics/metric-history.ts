import type {
  DashboardMetrics,
  HistoryMetric,
  MetricsHistory,
  SystemMetrics,
} from '@homeserver/dto';
import type { ChartExtent, ChartPoint } from '@homeserver/ui';

/** What the charts show, and the server keeps. */
export const HISTORY_WINDOW_MS = 15 * 60_000;

/** Kept beyond the window, so that the line runs on past the left edge while it slides. */
const MARGIN_MS = 30_000;
/** A distance of so many intervals is no lateness any more: nothing was measured in between. */
const INTERVALS_TO_A_GAP = 2.5;

/** The points of one metric; of one interface, where it is of the network. */
export interface MetricSeries {
  readonly points: readonly ChartPoint[];
  /** Neighbours further apart than this many milliseconds have a gap between them. */
  readonly gapMs: number;
}

/** By `seriesKey`. */
export type MetricHistory = ReadonlyMap<string, MetricSeries>;

export const EMPTY_SERIES: MetricSeries = { points: [], gapMs: HISTORY_WINDOW_MS };

export function seriesKey(metric: HistoryMetric, networkInterface?: string): string {
  return networkInterface === undefined ? metric : `${metric}:${networkInterface}`;
}

/**
 * The server's answer as series.
 * @param pointsAsked how many points a series were asked for: where the server had more samples, its
 *   points are further apart than the samples were
 */
export function historyOf(answer: MetricsHistory, pointsAsked: number): MetricHistory {
  const distanceMs = Math.max(answer.intervalMs, HISTORY_WINDOW_MS / pointsAsked);
  return new Map(
    answer.series.map((series) => [
      seriesKey(series.metric, series.labels['interface']),
      {
        points: series.points.map(([time, , average]) => ({
          time: Date.parse(time),
          value: average,
        })),
        gapMs: distanceMs * INTERVALS_TO_A_GAP,
      },
    ]),
  );
}

/** The history with what a frame adds to it, and without what has become too old. */
export function withFrame(
  history: MetricHistory,
  frame: DashboardMetrics,
  intervalMs: number,
): MetricHistory {
  const time = Date.parse(frame.system.timestamp);
  const next = new Map(history);
  for (const [key, value] of valuesOf(frame.system)) {
    if (value === null) continue;
    const series = history.get(key) ?? { points: [], gapMs: intervalMs * INTERVALS_TO_A_GAP };
    next.set(key, { ...series, points: append(series.points, { time, value }) });
  }
  return next;
}

/** What the server has kept, continued by what came over the socket since. */
export function joined(kept: MetricHistory, live: MetricHistory): MetricHistory {
  const next = new Map(kept);
  for (const [key, series] of live) {
    const before = kept.get(key);
    const lastTime = before?.points.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
    const since = series.points.filter((point) => point.time > lastTime);
    next.set(key, {
      gapMs: before?.gapMs ?? series.gapMs,
      points: [...(before?.points ?? []), ...since],
    });
  }
  return next;
}

/** The last 15 minutes up to a moment, for values from `bottom` to `top`. */
export function windowUntil(to: number, bottom: number, top: number): ChartExtent {
  return { from: to - HISTORY_WINDOW_MS, to, bottom, top };
}

/** Of the points inside the window; null where there are none. */
export function summarise(
  points: readonly ChartPoint[],
  to: number,
): { average: number; highest: number } | null {
  const values = points
    .filter((point) => point.time >= to - HISTORY_WINDOW_MS)
    .map((point) => point.value);
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    average: sum / values.length,
    highest: values.reduce((one, other) => Math.max(one, other)),
  };
}

/** The interface that moved most in the window; null where the machine has none. */
export function busiestInterface(
  history: MetricHistory,
  network: SystemMetrics['network'],
): string | null {
  let busiest: string | null = null;
  let most = -1;
  for (const { interface: name } of network) {
    const moved = movedBy(history, name);
    if (moved > most) [busiest, most] = [name, moved];
  }
  return busiest;
}

function movedBy(history: MetricHistory, name: string): number {
  const keys = [
    seriesKey('network.receivedBytesPerSecond', name),
    seriesKey('network.sentBytesPerSecond', name),
  ];
  return keys
    .flatMap((key) => history.get(key)?.points ?? [])
    .reduce((total, point) => total + point.value, 0);
}

function append(points: readonly ChartPoint[], point: ChartPoint): readonly ChartPoint[] {
  const last = points.at(-1);
  if (last !== undefined && last.time >= point.time) return points;
  const oldest = point.time - HISTORY_WINDOW_MS - MARGIN_MS;
  return [...points.filter((kept) => kept.time >= oldest), point];
}

function valuesOf(system: SystemMetrics): readonly (readonly [string, number | null])[] {
  return [
    [seriesKey('cpu.usagePercent'), system.cpu.usagePercent],
    [seriesKey('cpu.temperatureCelsius'), system.cpu.temperatureCelsius],
    [seriesKey('memory.usagePercent'), system.memory.usagePercent],
    [seriesKey('diskIo.readBytesPerSecond'), system.diskIo.readBytesPerSecond],
    [seriesKey('diskIo.writtenBytesPerSecond'), system.diskIo.writtenBytesPerSecond],
    ...system.network.flatMap((network): [string, number | null][] => [
      [
        seriesKey('network.receivedBytesPerSecond', network.interface),
        network.receivedBytesPerSecond,
      ],
      [seriesKey('network.sentBytesPerSecond', network.interface), network.sentBytesPerSecond],
    ]),
  ];
}
