import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { toneOfTag } from './tag-tone';

/** A tag that filters when it is pressed, and again when it is pressed again. */
@Component({
  // The element stays the browser's own, with its behaviour for keys and screen readers.
  selector: 'button[homeTagToggle]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="dot" [class]="tone()"></span>
    <span class="name">{{ tag() }}</span>
  `,
  styleUrl: './tag.scss',
  host: {
    '[class.is-pressed]': 'pressed()',
    '[attr.aria-pressed]': 'pressed()',
  },
})
export class TagToggle {
  readonly tag = input.required<string>({ alias: 'homeTagToggle' });
  readonly pressed = input(false);

  protected readonly tone = computed(() => toneOfTag(this.tag()));
}
