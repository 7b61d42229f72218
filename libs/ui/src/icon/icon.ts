import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { ICON_PATHS } from './icon-paths.generated';

export type IconName = keyof typeof ICON_PATHS;

/** A decorative icon in the colour of the text around it. What it means, words beside it must say. */
@Component({
  selector: 'home-icon',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg [attr.width]="size()" [attr.height]="size()" viewBox="0 -480 480 480" fill="currentColor">
      <path [attr.d]="path()" />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
  `,
  host: { 'aria-hidden': 'true' },
})
export class Icon {
  readonly name = input.required<IconName>();
  /** In pixels. */
  readonly size = input(20);

  protected readonly path = computed(() => ICON_PATHS[this.name()]);
}
