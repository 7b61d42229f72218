import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SystemMetrics } from '@homeserver/dto';

import type { MetricSeries } from '../metrics/metric-history';
import { formatRate, rateText } from './rate';
import { RatesPlot } from './rates-plot';
import { Tile } from './tile';

/** What the busiest interface receives and sends; both lines share one scale. */
@Component({
  selector: 'home-network-tile',
  imports: [RatesPlot, Tile],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tile
      heading="Network"
      [corner]="network().interface"
      [value]="receivedRate().value"
      [digits]="2"
    >
      <span tileUnit>
        {{ receivedRate().unit }} <span class="received" aria-hidden="true">↓</span>
        <span class="visually-hidden">received</span>
      </span>
      <span tileCaption>
        {{ sentText() }} <span class="sent" aria-hidden="true">↑</span>
        <span class="visually-hidden">sent</span>
      </span>
      <home-rates-plot class="plot" [into]="received()" [out]="sent()" [until]="until()" />
    </home-tile>
  `,
  styleUrl: './plot-tile.scss',
})
export class NetworkTile {
  readonly network = input.required<SystemMetrics['network'][number]>();
  readonly received = input.required<MetricSeries>();
  readonly sent = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly receivedRate = computed(() => {
    const rate = this.network().receivedBytesPerSecond;
    return rate === null ? { value: '–', unit: '' } : formatRate(rate);
  });
  protected readonly sentText = computed(() => rateText(this.network().sentBytesPerSecond));
}
