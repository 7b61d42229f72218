import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SystemMetrics } from '@homeserver/dto';
import { AreaPlot, type ChartPoint, roundTop } from '@homeserver/ui';

import { type MetricSeries, windowUntil } from '../metrics/metric-history';
import { formatRate, rateText } from './rate';
import { Tile } from './tile';

/** Below this the scale stays, so that an idle network looks idle. In bytes a second. */
const SMALLEST_TOP = 100_000;

/** What the busiest interface receives and sends; both lines share one scale. */
@Component({
  selector: 'home-network-tile',
  imports: [AreaPlot, Tile],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tile
      heading="Network"
      [corner]="network().interface"
      [value]="received().value"
      [digits]="2"
    >
      <span tileUnit>
        {{ received().unit }} <span class="received" aria-hidden="true">↓</span>
        <span class="visually-hidden">received</span>
      </span>
      <span tileCaption>
        {{ sentText() }} <span class="sent" aria-hidden="true">↑</span>
        <span class="visually-hidden">sent</span>
      </span>
      <home-area-plot
        class="plot"
        tone="violet"
        [points]="sent().points"
        [extent]="extent()"
        [gapMs]="sent().gapMs"
      />
      <home-area-plot
        class="plot"
        tone="info"
        [points]="receivedSeries().points"
        [extent]="extent()"
        [gapMs]="receivedSeries().gapMs"
      />
    </home-tile>
  `,
  styleUrl: './plot-tile.scss',
})
export class NetworkTile {
  readonly network = input.required<SystemMetrics['network'][number]>();
  readonly receivedSeries = input.required<MetricSeries>();
  readonly sent = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly received = computed(() => {
    const rate = this.network().receivedBytesPerSecond;
    return rate === null ? { value: '–', unit: '' } : formatRate(rate);
  });
  protected readonly sentText = computed(() => rateText(this.network().sentBytesPerSecond));
  protected readonly extent = computed(() => {
    const highest = Math.max(
      highestOf(this.receivedSeries().points),
      highestOf(this.sent().points),
    );
    return windowUntil(this.until(), 0, roundTop(highest, SMALLEST_TOP));
  });
}

function highestOf(points: readonly ChartPoint[]): number {
  return points.reduce((highest, point) => Math.max(highest, point.value), 0);
}
