import type { HistoryMetric, SystemMetrics } from '@homeserver/dto';

/** What the charts of the dashboard show, and as far back as `GET /api/v1/monitoring/history` reaches. */
export const HISTORY_WINDOW_MS = 15 * 60_000;

/** A machine with more cores and interfaces than this has no history of the rest: 2 MB at two seconds a sample. */
const MAXIMUM_SERIES = 512;

/** One value of a sample, with what tells it from others of its metric, such as the core. */
export interface SeriesValue {
  readonly metric: HistoryMetric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

/** A stretch of history. */
export interface Recording {
  /** Milliseconds since the epoch, rising. */
  readonly times: Float64Array;
  readonly series: readonly RecordedSeries[];
}

export interface RecordedSeries {
  readonly metric: HistoryMetric;
  readonly labels: Readonly<Record<string, string>>;
  /** One for each of the times; NaN where it was not known. */
  readonly values: Float64Array;
}

interface Column {
  readonly metric: HistoryMetric;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Float64Array;
  /** The number of the last sample that had a value. */
  lastSample: number;
}

/**
 * The samples of the last 15 minutes, in memory of fixed size: a column of numbers for each series.
 * Series come and go with cores and interfaces; one without a value in all that time is dropped.
 */
export class SampleRing {
  private readonly times: Float64Array;
  private readonly columns = new Map<string, Column>();
  private sampleCount = 0;

  constructor(readonly intervalMs: number) {
    const capacity = Math.floor(HISTORY_WINDOW_MS / intervalMs) + 1;
    this.times = new Float64Array(Math.max(2, capacity));
  }

  append(sample: SystemMetrics): void {
    const time = Date.parse(sample.timestamp);
    if (time <= this.newestTime()) this.clear(); // the clock was set back: the old times mean nothing now
    const slot = this.sampleCount % this.times.length;
    this.times[slot] = time;
    for (const column of this.columns.values()) column.values[slot] = Number.NaN;
    for (const series of seriesOf(sample)) this.note(series, slot);
    this.sampleCount += 1;
    this.dropSilentColumns();
  }

  /** What was sampled from `from` to `to`, both included, in order of time. */
  select(metrics: ReadonlySet<HistoryMetric>, from: number, to: number): Recording {
    const slots = this.slotsBetween(from, to);
    const pick = (column: Float64Array) =>
      Float64Array.from(slots, (slot) => column[slot] ?? Number.NaN);
    const series = [...this.columns.values()]
      .filter(({ metric }) => metrics.has(metric))
      .map(({ metric, labels, values }) => ({ metric, labels, values: pick(values) }))
      .filter(({ values }) => values.some((value) => !Number.isNaN(value)));
    return { times: pick(this.times), series };
  }

  private note({ metric, labels, value }: SeriesValue, slot: number): void {
    if (value === null) return;
    const key = [metric, ...Object.values(labels)].join(' ');
    let column = this.columns.get(key);
    if (column === undefined) {
      if (this.columns.size >= MAXIMUM_SERIES) return;
      const values = new Float64Array(this.times.length).fill(Number.NaN);
      column = { metric, labels, values, lastSample: this.sampleCount };
      this.columns.set(key, column);
    }
    column.values[slot] = value;
    column.lastSample = this.sampleCount;
  }

  private dropSilentColumns(): void {
    for (const [key, { lastSample }] of this.columns) {
      if (lastSample < this.sampleCount - this.times.length) this.columns.delete(key);
    }
  }

  private slotsBetween(from: number, to: number): number[] {
    const slots: number[] = [];
    const oldest = Math.max(0, this.sampleCount - this.times.length);
    for (let sample = oldest; sample < this.sampleCount; sample += 1) {
      const slot = sample % this.times.length;
      const time = this.times[slot] ?? Number.NaN;
      if (time >= from && time <= to) slots.push(slot);
    }
    return slots;
  }

  private newestTime(): number {
    if (this.sampleCount === 0) return Number.NEGATIVE_INFINITY;
    return this.times[(this.sampleCount - 1) % this.times.length] ?? Number.NEGATIVE_INFINITY;
  }

  private clear(): void {
    this.columns.clear();
    this.sampleCount = 0;
  }
}

/** The values of a sample that are kept. */
export function seriesOf({ cpu, memory, network, diskIo }: SystemMetrics): SeriesValue[] {
  const single = (metric: HistoryMetric, value: number | null) => ({ metric, labels: {}, value });
  return [
    single('cpu.usagePercent', cpu.usagePercent),
    ...cpu.coresPercent.map((value, core) => ({
      metric: 'cpu.corePercent' as const,
      labels: { core: String(core) },
      value,
    })),
    single('cpu.temperatureCelsius', cpu.temperatureCelsius),
    single('memory.usedBytes', memory.usedBytes),
    single('memory.usagePercent', memory.usagePercent),
    ...network.flatMap((traffic) => {
      const labels = { interface: traffic.interface };
      return [
        {
          metric: 'network.receivedBytesPerSecond' as const,
          labels,
          value: traffic.receivedBytesPerSecond,
        },
        {
          metric: 'network.sentBytesPerSecond' as const,
          labels,
          value: traffic.sentBytesPerSecond,
        },
      ];
    }),
    single('diskIo.readBytesPerSecond', diskIo.readBytesPerSecond),
    single('diskIo.writtenBytesPerSecond', diskIo.writtenBytesPerSecond),
  ];
}
