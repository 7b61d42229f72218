import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { DashboardMetrics, HistoryMetric } from '@homeserver/dto';
import { firstValueFrom, forkJoin } from 'rxjs';

import { describeProblem, type ProblemView } from '../../core/problem';
import { SocketClient } from '../../core/socket-client';
import {
  EMPTY_SERIES,
  historyOf,
  joined,
  type MetricHistory,
  type MetricSeries,
  seriesKey,
  withFrame,
} from './metric-history';
import { MonitoringApi } from './monitoring-api';

const DEFAULT_INTERVAL_MS = 2000;
/** The long chart shows every sample, the small ones what their width can show. */
const CHART_POINTS = 2000;
const SPARKLINE_POINTS = 150;
const SPARKLINE_METRICS: readonly HistoryMetric[] = [
  'cpu.temperatureCelsius',
  'memory.usagePercent',
  'network.receivedBytesPerSecond',
  'network.sentBytesPerSecond',
  'diskIo.readBytesPerSecond',
  'diskIo.writtenBytesPerSecond',
];
/** Frames may be late on a busy machine or a slow network; after so many it is silence. */
const SILENT_INTERVALS = 5;
const SHORTEST_SILENCE_MS = 10_000;

/** The newest frame and the last 15 minutes of the machine, for as long as the dashboard is open. */
@Injectable()
export class MetricsStore {
  private readonly api = inject(MonitoringApi);
  private readonly destroyRef = inject(DestroyRef);
  private readonly newest = signal<DashboardMetrics | null>(null);
  private readonly received = signal<Date | null>(null);
  private readonly collected = signal<MetricHistory>(new Map());
  private readonly interval = signal(DEFAULT_INTERVAL_MS);
  private readonly failure = signal<ProblemView | null>(null);
  private historyLoads = 0;

  /** null until the first has come. */
  readonly frame = this.newest.asReadonly();
  /** By this device's clock. */
  readonly receivedAt = this.received.asReadonly();
  readonly history = this.collected.asReadonly();
  /** Why the last 15 minutes could not be loaded; null when they were. */
  readonly historyProblem = this.failure.asReadonly();
  /** The time of the newest sample by the server's clock, where every chart ends. */
  readonly sampledAt = computed(() => Date.parse(this.newest()?.system.timestamp ?? ''));
  readonly isLost = computed(() => this.socket.state() === 'lost');

  // Last: it may report at once.
  private readonly socket = new SocketClient({
    path: () => '/api/v1/monitoring/ws',
    onMessage: (message) => this.receive(message),
    onOpen: (isAgain) => {
      if (isAgain) void this.loadHistory();
    },
    silenceLimitMs: () => Math.max(SHORTEST_SILENCE_MS, this.interval() * SILENT_INTERVALS),
  });

  constructor() {
    void this.loadHistory();
  }

  series(metric: HistoryMetric, networkInterface?: string): MetricSeries {
    return this.collected().get(seriesKey(metric, networkInterface)) ?? EMPTY_SERIES;
  }

  /** Tries to connect at once instead of after the pause. */
  reconnect(): void {
    this.socket.retry();
  }

  /** Never rejects: what went wrong is in `historyProblem`. */
  async loadHistory(): Promise<void> {
    const load = (this.historyLoads += 1);
    try {
      const [chart, sparklines] = await firstValueFrom(
        forkJoin([
          this.api.history(['cpu.usagePercent'], CHART_POINTS),
          this.api.history(SPARKLINE_METRICS, SPARKLINE_POINTS),
        ]),
      );
      if (load !== this.historyLoads) return;
      const kept = new Map([
        ...historyOf(chart, CHART_POINTS),
        ...historyOf(sparklines, SPARKLINE_POINTS),
      ]);
      this.interval.set(chart.intervalMs);
      this.collected.update((live) => joined(kept, live));
      this.failure.set(null);
    } catch (error) {
      if (load === this.historyLoads && !this.destroyRef.destroyed)
        this.failure.set(describeProblem(error));
    }
  }

  private receive(message: unknown): void {
    if (!isFrame(message)) return;
    this.newest.set(message);
    this.received.set(new Date());
    this.collected.update((history) => withFrame(history, message, this.interval()));
  }
}

/** Enough to tell a frame from another message; the server checks the rest against the same contract. */
function isFrame(message: unknown): message is DashboardMetrics {
  return (
    typeof message === 'object' && message !== null && 'system' in message && 'storage' in message
  );
}
