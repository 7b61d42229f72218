import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';

import { Icon } from '../icon/icon';
import { toneOfTag } from './tag-tone';

/** A tag as a chip, on request with a button that takes it off. */
@Component({
  selector: 'home-tag',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="dot" [class]="tone()"></span>
    <span class="name">{{ tag() }}</span>
    @if (note(); as note) {
      <span class="note">{{ note }}</span>
    }
    @if (removable()) {
      <button type="button" [attr.aria-label]="'Remove the tag ' + tag()" (click)="removed.emit()">
        <home-icon name="close" [size]="14" />
      </button>
    }
  `,
  styleUrl: './tag.scss',
})
export class Tag {
  readonly tag = input.required<string>();
  /** Beside the name in a fainter colour, such as a count. */
  readonly note = input<string | null>(null);
  readonly removable = input(false);

  readonly removed = output();

  protected readonly tone = computed(() => toneOfTag(this.tag()));
}
