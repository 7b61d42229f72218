import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { AreaPlot } from '@homeserver/ui';

import { type MetricSeries, summarise, windowUntil } from '../metrics/metric-history';
import { Tile } from './tile';

/** What processors live between, in °C: a small change should look small. */
const COLDEST = 20;
const HOTTEST = 100;

@Component({
  selector: 'home-temperature-tile',
  imports: [AreaPlot, Tile],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tile heading="Temperature" corner="CPU" [value]="value()" [digits]="2">
      <span tileUnit>°C</span>
      <span tileCaption>{{ caption() }}</span>
      <home-area-plot
        class="plot"
        tone="violet"
        [points]="series().points"
        [extent]="extent()"
        [gapMs]="series().gapMs"
      />
    </home-tile>
  `,
  styleUrl: './plot-tile.scss',
})
export class TemperatureTile {
  readonly celsius = input.required<number>();
  readonly series = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly value = computed(() => String(Math.round(this.celsius())));
  protected readonly caption = computed(() => {
    const summary = summarise(this.series().points, this.until());
    return summary === null ? '' : `highest ${Math.round(summary.highest)} °C`;
  });
  protected readonly extent = computed(() => windowUntil(this.until(), COLDEST, HOTTEST));
}
