import { ChangeDetectionStrategy, Component, input } from '@angular/core';

export type ButtonLook = 'primary' | 'plain' | 'danger';

/**
 * A button or a link that looks like one. Content: `<home-icon>` and words. With `iconOnly` it is
 * square and needs an aria-label.
 */
@Component({
  // The element stays the browser's own, with its behaviour for keys, forms and screen readers.
  selector: 'button[homeButton], a[homeButton]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-content />`,
  styleUrl: './button.scss',
  host: {
    '[class]': 'look()',
    '[class.is-icon-only]': 'iconOnly()',
  },
})
export class Button {
  readonly look = input<ButtonLook>('plain');
  readonly iconOnly = input(false);
}
