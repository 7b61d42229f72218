import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { AreaPlot, type ChartPoint, roundTop } from '@homeserver/ui';

import { type MetricSeries, windowUntil } from '../metrics/metric-history';

/** Below this the scale stays, so that what is idle looks idle. In bytes a second. */
const SMALLEST_TOP = 100_000;

/** Two rates on one scale: what comes in, and what goes out. */
@Component({
  selector: 'home-rates-plot',
  imports: [AreaPlot],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-area-plot
      tone="violet"
      [points]="out().points"
      [extent]="extent()"
      [gapMs]="out().gapMs"
    />
    <home-area-plot
      tone="info"
      [points]="into().points"
      [extent]="extent()"
      [gapMs]="into().gapMs"
    />
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }

    home-area-plot {
      position: absolute;
      inset: 0;
    }
  `,
})
export class RatesPlot {
  /** In bytes a second, drawn in the colour `--info`. */
  readonly into = input.required<MetricSeries>();
  /** In bytes a second, drawn in the colour `--violet`. */
  readonly out = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly extent = computed(() => {
    const highest = Math.max(highestOf(this.into().points), highestOf(this.out().points));
    return windowUntil(this.until(), 0, roundTop(highest, SMALLEST_TOP));
  });
}

function highestOf(points: readonly ChartPoint[]): number {
  return points.reduce((highest, point) => Math.max(highest, point.value), 0);
}
