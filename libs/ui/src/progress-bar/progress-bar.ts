import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

export type ProgressTone = 'accent' | 'warning' | 'alarm';

/** A thin bar: how far something has come, or (as a `level`) how full something is. */
@Component({
  selector: 'home-progress-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<div class="fill" [class]="tone()" [style.transform]="transform()"></div>`,
  styles: `
    :host {
      display: block;
      height: 6px;
      border-radius: 3px;
      background: var(--soft-line);
      overflow: hidden;
    }

    .fill {
      height: 100%;
      border-radius: 3px;
      background: var(--accent);
      transition: transform var(--motion);
    }

    .warning {
      background: var(--warning);
    }

    .alarm {
      background: var(--alarm);
    }
  `,
  host: {
    '[attr.role]': "kind() === 'level' ? 'meter' : 'progressbar'",
    '[attr.aria-label]': 'label()',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
    '[attr.aria-valuenow]': 'percent()',
    '[attr.aria-valuetext]': 'valueText()',
  },
})
export class ProgressBar {
  /** 0 to 1. */
  readonly value = input.required<number>();
  /** What it measures, for those who do not see it. */
  readonly label = input.required<string>();
  readonly tone = input<ProgressTone>('accent');
  readonly kind = input<'progress' | 'level'>('progress');
  /** Read aloud instead of the per cent. */
  readonly valueText = input<string | null>(null);

  protected readonly percent = computed(() => Math.round(this.share() * 100));
  // Moved, not resized: the browser lays nothing out anew, and the round end keeps its shape.
  protected readonly transform = computed(() => `translateX(${(this.share() - 1) * 100}%)`);

  private readonly share = computed(() => Math.min(1, Math.max(0, this.value())));
}
