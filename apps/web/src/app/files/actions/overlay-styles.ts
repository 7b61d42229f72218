import { ChangeDetectionStrategy, Component, ViewEncapsulation } from '@angular/core';

/**
 * The looks of what the CDK and Material lay over the page, outside of every component of ours. Draws
 * nothing itself.
 */
@Component({
  selector: 'home-overlay-styles',
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
  styleUrl: './overlay-styles.scss',
})
export class OverlayStyles {}
