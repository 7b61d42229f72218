import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { formatCount, TagToggle } from '@homeserver/ui';

import { FilesNavigation } from '../listing/files-navigation';
import { TagStore } from '../listing/tag-store';

const IN_SIGHT = 8;

/** The tags in use, to filter by; several together mean all of them. */
@Component({
  selector: 'home-tag-filter',
  imports: [TagToggle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (chip of chips(); track chip.tag) {
      <button
        type="button"
        [homeTagToggle]="chip.tag"
        [pressed]="chip.isPressed"
        [title]="chip.title"
        (click)="navigation.toggleTag(chip.tag)"
      ></button>
    }
    @if (hiddenCount() > 0 || isOpen()) {
      <button
        type="button"
        class="more"
        [attr.aria-expanded]="isOpen()"
        (click)="isOpen.set(!isOpen())"
      >
        {{ isOpen() ? 'Fewer' : hiddenCount() + ' more' }}
      </button>
    }
  `,
  styleUrl: './tag-filter.scss',
  host: { role: 'group', 'aria-label': 'Show only files with these tags' },
})
export class TagFilter {
  /** Whether all of them are in sight. */
  readonly isOpen = signal(false);

  protected readonly navigation = inject(FilesNavigation);
  protected readonly chips = computed(() =>
    this.tagsInSight().map(({ tag, count }) => ({
      tag,
      isPressed: this.navigation.view().tags.includes(tag),
      title: count === null ? tag : `${tag} · ${formatCount(count)}`,
    })),
  );
  protected readonly hiddenCount = computed(() =>
    Math.max(0, this.store.tags().length - this.tagsInSight().length),
  );

  private readonly store = inject(TagStore);
  private readonly tagsInSight = computed(() => {
    const known = this.store.tags();
    const first = this.isOpen() ? known : known.slice(0, IN_SIGHT);
    const pressed = this.navigation.view().tags;
    // What filters is in sight, however rare it is, and also when no file bears it any more.
    const others = pressed.filter((tag) => first.every((entry) => entry.tag !== tag));
    return [...first, ...others.map((tag) => ({ tag, count: null }))];
  });
}
