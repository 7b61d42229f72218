import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SystemMetrics } from '@homeserver/dto';
import { AreaPlot } from '@homeserver/ui';

import { levelOf } from '../health/level';
import { type MetricSeries, windowUntil } from '../metrics/metric-history';
import { formatMemory, memoryText } from './memory-size';
import { Tile } from './tile';

@Component({
  selector: 'home-memory-tile',
  imports: [AreaPlot, Tile],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tile heading="Memory" [corner]="total()" [value]="used().value" [level]="level()">
      <span tileUnit>{{ used().unit }}</span>
      <span tileCaption>{{ caption() }}</span>
      <home-area-plot
        class="plot"
        [points]="series().points"
        [extent]="extent()"
        [gapMs]="series().gapMs"
      />
    </home-tile>
  `,
  styleUrl: './plot-tile.scss',
})
export class MemoryTile {
  readonly memory = input.required<SystemMetrics['memory']>();
  /** Of the share in use, in per cent. */
  readonly series = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly used = computed(() => {
    const bytes = this.memory().usedBytes;
    return bytes === null ? { value: '–', unit: '' } : formatMemory(bytes);
  });
  protected readonly total = computed(() => {
    const bytes = this.memory().totalBytes;
    return bytes === null ? '' : memoryText(bytes);
  });
  protected readonly level = computed(() => levelOf(this.memory().usagePercent));
  protected readonly caption = computed(() => {
    const { usagePercent, availableBytes } = this.memory();
    const parts = [
      usagePercent === null ? null : `${Math.round(usagePercent)}\u00a0%`,
      availableBytes === null ? null : `${memoryText(availableBytes)} free`,
    ];
    return parts.filter((part) => part !== null).join(', ');
  });
  protected readonly extent = computed(() => windowUntil(this.until(), 0, 100));
}
