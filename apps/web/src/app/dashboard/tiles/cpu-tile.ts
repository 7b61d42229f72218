import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { SystemMetrics } from '@homeserver/dto';
import { countOf } from '@homeserver/ui';

import { levelOf } from '../health/level';
import { Tile } from './tile';

/** The processor as a whole, with a bar for each of its cores. */
@Component({
  selector: 'home-cpu-tile',
  imports: [Tile],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tile
      heading="CPU"
      [corner]="cores()"
      [cornerTitle]="cpu().model ?? ''"
      [value]="value()"
      [digits]="2"
      [level]="level()"
    >
      <span tileUnit>%</span>
      <span tileCaption>{{ load() }}</span>
      <div class="cores" role="img" [attr.aria-label]="coresText()">
        @for (core of bars(); track $index) {
          <div class="core" [style.transform]="core"></div>
        }
      </div>
    </home-tile>
  `,
  styleUrl: './cpu-tile.scss',
})
export class CpuTile {
  readonly cpu = input.required<SystemMetrics['cpu']>();

  protected readonly value = computed(() => wholeOrDash(this.cpu().usagePercent));
  protected readonly level = computed(() => levelOf(this.cpu().usagePercent));
  protected readonly cores = computed(() => countOf(this.cpu().coresPercent.length, 'core'));
  protected readonly load = computed(() => {
    const load = this.cpu().loadAverage;
    if (load === null) return '';
    // Two digits behind the point are noise, and too wide, where there are two before it.
    const digits = load.some((value) => value >= 10) ? 1 : 2;
    return `load ${load.map((value) => value.toFixed(digits)).join(' · ')}`;
  });
  protected readonly bars = computed(() =>
    // Never quite nothing: an idle core is still there.
    this.cpu().coresPercent.map((percent) => `scaleY(${Math.max(0.05, (percent ?? 0) / 100)})`),
  );
  protected readonly coresText = computed(
    () =>
      `Each core: ${this.cpu()
        .coresPercent.map((percent) => `${wholeOrDash(percent)} %`)
        .join(', ')}`,
  );
}

function wholeOrDash(percent: number | null): string {
  return percent === null ? '–' : String(Math.round(percent));
}
