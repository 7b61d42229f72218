import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { ErrorState, formatClock, formatDuration, Icon } from '@homeserver/ui';

import { Clock } from '../core/clock';
import { CpuChartCard } from './cards/cpu-chart-card';
import { DisksCard } from './cards/disks-card';
import { FilesCard } from './cards/files-card';
import { DashboardSkeleton } from './dashboard-skeleton';
import { RecentEventsCard } from './events/recent-events-card';
import { reportHealth } from './health/health-report';
import { busiestInterface } from './metrics/metric-history';
import { MetricsStore } from './metrics/metrics-store';
import { CpuTile } from './tiles/cpu-tile';
import { MemoryTile } from './tiles/memory-tile';
import { NetworkTile } from './tiles/network-tile';
import { TemperatureTile } from './tiles/temperature-tile';

@Component({
  selector: 'home-dashboard-page',
  imports: [
    CpuChartCard,
    CpuTile,
    DashboardSkeleton,
    DisksCard,
    ErrorState,
    FilesCard,
    Icon,
    MemoryTile,
    NetworkTile,
    RecentEventsCard,
    TemperatureTile,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './dashboard-page.html',
  styleUrl: './dashboard-page.scss',
  providers: [MetricsStore],
})
export class DashboardPage {
  protected readonly metrics = inject(MetricsStore);
  protected readonly system = computed(() => this.metrics.frame()?.system ?? null);
  /** The connection is lost, and what came before stays in view. */
  protected readonly isStale = computed(() => this.metrics.isLost() && this.system() !== null);
  protected readonly report = computed(() => {
    const system = this.system();
    return system === null
      ? null
      : reportHealth(system, this.metrics.series('cpu.usagePercent').points);
  });
  protected readonly headline = computed(() => {
    if (this.isStale()) return 'Connection lost';
    return this.report()?.headline ?? 'Dashboard';
  });
  protected readonly upTime = computed(() => formatDuration(this.system()?.uptimeSeconds ?? 0));
  /** How old the values are that are shown while the connection is lost; null while it is not. */
  protected readonly age = computed(() => {
    const time = this.metrics.receivedAt();
    if (time === null || !this.isStale()) return null;
    const seconds = (this.clock.now().getTime() - time.getTime()) / 1000;
    const text = seconds < 60 ? 'a moment ago' : `${formatDuration(seconds)} ago`;
    return { clock: formatClock(time), text };
  });
  /** The interface that the tile shows; null where the machine has none. */
  protected readonly network = computed(() => {
    const interfaces = this.system()?.network ?? [];
    const name = busiestInterface(this.metrics.history(), interfaces);
    return interfaces.find((candidate) => candidate.interface === name) ?? null;
  });

  private readonly clock = inject(Clock);
}
