import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { ErrorState } from '@homeserver/ui';

import type { ProblemView } from '../problem';

const WIDTHS = [150, 110, 180, 130, 160] as const;

/** A page of rows before there is anything to show: of the size to come, or why it does not come. */
@Component({
  selector: 'home-page-waiting',
  imports: [ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (problem(); as words) {
      <home-error-state
        [heading]="words.title"
        [detail]="words.detail"
        [requestId]="words.requestId"
        (retry)="retry.emit()"
      />
    } @else {
      <p class="visually-hidden" role="status">{{ label() }}</p>
      <div class="rows" aria-hidden="true">
        @for (width of widths; track width) {
          <div class="row">
            <span class="skeleton mark"></span>
            <span class="skeleton words" [style.width.px]="width"></span>
          </div>
        }
      </div>
    }
  `,
  styles: `
    .rows {
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
    }

    .row {
      display: flex;
      align-items: center;
      gap: 12px;
      height: 60px;
      padding: 0 16px;
    }

    .row + .row {
      border-top: 1px solid var(--soft-line);
    }

    .mark {
      width: 32px;
      height: 32px;
      border-radius: 50%;
    }

    .words {
      height: 12px;
    }
  `,
})
export class PageWaiting {
  /** What is being loaded, read aloud. */
  readonly label = input.required<string>();
  readonly problem = input<ProblemView | null>(null);

  readonly retry = output();

  protected readonly widths = WIDTHS;
}
