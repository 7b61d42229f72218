import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import type { Level } from '../health/level';
import { LevelBadge } from '../health/level-badge';

/**
 * One large number with its unit. Content: `[tileUnit]` behind the number, `[tileCaption]` below it, and
 * the small figure at the foot.
 */
@Component({
  selector: 'home-tile',
  imports: [LevelBadge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h2 class="card-title">{{ heading() }}</h2>
      <home-level-badge [level]="level()" [text]="levelText()" />
      <span class="corner" [title]="cornerTitle()">{{ corner() }}</span>
    </header>
    <p class="number">
      <span class="value" [style.--digits]="digits()">{{ value() }}</span>
      <span class="unit"><ng-content select="[tileUnit]" /></span>
    </p>
    <p class="caption"><ng-content select="[tileCaption]" /></p>
    <div class="figure"><ng-content /></div>
  `,
  styleUrl: './tile.scss',
  host: { class: 'card', '[class.is-normal]': "level() === 'normal'" },
})
export class Tile {
  readonly heading = input.required<string>();
  readonly corner = input('');
  readonly cornerTitle = input('');
  readonly value = input.required<string>();
  /** Room that is kept for the number, so that its unit stands still. */
  readonly digits = input(0);
  readonly level = input<Level>('normal');

  protected readonly levelText = computed(() => (this.level() === 'alarm' ? 'very high' : 'high'));
}
