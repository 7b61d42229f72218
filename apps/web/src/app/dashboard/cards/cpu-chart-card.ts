import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { formatClock, RequestId, TimeChart } from '@homeserver/ui';

import type { ProblemView } from '../../core/problem';
import { type MetricSeries, summarise, windowUntil } from '../metrics/metric-history';

/** The processor's load over the last 15 minutes. */
@Component({
  selector: 'home-cpu-chart-card',
  imports: [RequestId, TimeChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h2 class="card-title">CPU, last 15 minutes</h2>
      <span id="home-cpu-summary" class="summary">{{ summary() }}</span>
    </header>
    <home-time-chart
      label="CPU, last 15 minutes. The arrow keys read single values."
      summaryId="home-cpu-summary"
      [points]="series().points"
      [gapMs]="series().gapMs"
      [extent]="extent()"
      [endLabel]="isLive() ? 'now' : endClock()"
      [format]="percentText"
    />
    @if (problem(); as fault) {
      <div class="problem">
        The earlier values could not be loaded. {{ fault.detail }}
        <button type="button" (click)="retry.emit()">Try again</button>
        @if (fault.requestId; as id) {
          <home-request-id [requestId]="id" />
        }
      </div>
    }
  `,
  styleUrl: './cpu-chart-card.scss',
  host: { class: 'card' },
})
export class CpuChartCard {
  readonly series = input.required<MetricSeries>();
  /** Where the chart ends, in milliseconds since 1970. */
  readonly until = input.required<number>();
  /** False while no new values come. */
  readonly isLive = input.required<boolean>();
  /** Why the values before the page was opened are missing. */
  readonly problem = input<ProblemView | null>(null);

  readonly retry = output();

  protected readonly percentText = percentText;
  protected readonly extent = computed(() => windowUntil(this.until(), 0, 100));
  protected readonly endClock = computed(() => formatClock(new Date(this.until())));
  protected readonly summary = computed(() => {
    const summary = summarise(this.series().points, this.until());
    if (summary === null) return '';
    return `average ${percentText(summary.average)} · highest ${percentText(summary.highest)}`;
  });
}

function percentText(percent: number): string {
  return `${Math.round(percent)}\u00a0%`;
}
