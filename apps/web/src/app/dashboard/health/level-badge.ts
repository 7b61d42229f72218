import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from '@homeserver/ui';

import type { Level } from './level';

/** A warning or an alarm as an icon and words in its colour; nothing where all is normal. */
@Component({
  selector: 'home-level-badge',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (level() !== 'normal') {
      <span class="badge" [class.is-alarm]="level() === 'alarm'">
        <home-icon [name]="level() === 'alarm' ? 'alarm' : 'warning'" [size]="15" />{{ text() }}
      </span>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
    }

    .badge {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      color: var(--warning);
      font-size: 12.5px;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
      line-height: 18px;
      white-space: nowrap;
    }

    .is-alarm {
      color: var(--alarm);
    }
  `,
})
export class LevelBadge {
  readonly level = input.required<Level>();
  readonly text = input.required<string>();
}
