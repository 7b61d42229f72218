import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SystemMetrics } from '@homeserver/dto';
import { byteUnitOf, formatBytesIn, Icon, ProgressBar, type ProgressTone } from '@homeserver/ui';

import { type Disk, diskName } from '../health/disk-name';
import { type Level, levelOf } from '../health/level';
import { LevelBadge } from '../health/level-badge';
import type { MetricSeries } from '../metrics/metric-history';
import { rateText } from '../tiles/rate';
import { RatesPlot } from '../tiles/rates-plot';

const MOST_DISKS_WITH_FIGURE = 2;

interface DiskLine {
  readonly mountPoint: string;
  readonly title: string;
  readonly name: string;
  readonly share: number;
  readonly level: Level;
  readonly tone: ProgressTone;
  readonly percent: string;
  /** Such as `1.2 of 2.0 TB`. */
  readonly used: string;
}

/** How full the machine's disks are, and how busy all of them together. */
@Component({
  selector: 'home-disks-card',
  imports: [Icon, LevelBadge, ProgressBar, RatesPlot],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './disks-card.html',
  styleUrl: './disks-card.scss',
  host: { class: 'card' },
})
export class DisksCard {
  readonly disks = input.required<readonly Disk[]>();
  readonly diskIo = input.required<SystemMetrics['diskIo']>();
  readonly read = input.required<MetricSeries>();
  readonly written = input.required<MetricSeries>();
  /** Where the figure ends, in milliseconds since 1970. */
  readonly until = input.required<number>();

  protected readonly lines = computed(() => this.disks().map((disk) => lineOf(disk, this.disks())));
  /** With more disks than this the card is full without the figure of their activity. */
  protected readonly hasFigure = computed(() => this.disks().length <= MOST_DISKS_WITH_FIGURE);
  /** null where the machine cannot tell. */
  protected readonly activity = computed(() => {
    const { readBytesPerSecond, writtenBytesPerSecond } = this.diskIo();
    if (readBytesPerSecond === null && writtenBytesPerSecond === null) return null;
    return { read: rateText(readBytesPerSecond), written: rateText(writtenBytesPerSecond) };
  });
}

function lineOf(disk: Disk, all: readonly Disk[]): DiskLine {
  const level = levelOf(disk.usagePercent);
  const unit = byteUnitOf(disk.totalBytes);
  return {
    mountPoint: disk.mountPoint,
    title: `${disk.mountPoint} (${disk.filesystem})`,
    name: diskName(disk, all),
    share: disk.usagePercent / 100,
    level,
    tone: level === 'normal' ? 'accent' : level,
    percent: `${Math.floor(disk.usagePercent)}\u00a0% full`,
    used: `${formatBytesIn(disk.usedBytes, unit)} of ${formatBytesIn(disk.totalBytes, unit)}\u00a0${unit}`,
  };
}
