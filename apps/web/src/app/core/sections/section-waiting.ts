import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Button, Icon, ProblemLine } from '@homeserver/ui';

import type { ProblemView } from '../problem';

/** A section before there is anything to show: of the size to come, or why it does not come. */
@Component({
  selector: 'home-section-waiting',
  imports: [Button, Icon, ProblemLine],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (problem(); as words) {
      <home-problem-line [detail]="words.title + '. ' + words.detail" [requestId]="words.requestId">
        <button homeButton type="button" (click)="retry.emit()">
          <home-icon name="retry" />Try again
        </button>
      </home-problem-line>
    } @else {
      <p class="visually-hidden" role="status">Loading</p>
      @for (row of places(); track row) {
        <div class="row" aria-hidden="true">
          <span class="skeleton mark"></span>
          <span class="skeleton words"></span>
        </div>
      }
    }
  `,
  styles: `
    :host {
      display: block;
    }

    .row {
      display: flex;
      align-items: center;
      gap: 12px;
      height: 56px;
    }

    .row + .row {
      border-top: 1px solid var(--soft-line);
    }

    .mark {
      flex: none;
      width: 20px;
      height: 20px;
    }

    .words {
      width: min(220px, 60%);
      height: 12px;
    }
  `,
})
export class SectionWaiting {
  readonly problem = input<ProblemView | null>(null);
  /** How many rows there usually are. */
  readonly rows = input(2);

  readonly retry = output();

  protected readonly places = computed(() => Array.from({ length: this.rows() }, (_, row) => row));
}
