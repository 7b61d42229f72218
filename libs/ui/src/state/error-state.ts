import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

import { Button } from '../button/button';
import { Icon } from '../icon/icon';
import { RequestId } from './request-id';

/** What went wrong, what to do, and the request's id where there is one. */
@Component({
  selector: 'home-error-state',
  imports: [Button, Icon, RequestId],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-icon class="symbol is-alarm" name="alarm" [size]="28" />
    <div role="alert">
      <h2>{{ heading() }}</h2>
      <p>{{ detail() }}</p>
    </div>
    <div class="actions">
      <button homeButton type="button" (click)="retry.emit()">
        <home-icon name="retry" />Try again
      </button>
    </div>
    @if (requestId(); as id) {
      <home-request-id [requestId]="id" />
    }
  `,
  styleUrl: './state.scss',
})
export class ErrorState {
  readonly heading = input.required<string>();
  readonly detail = input.required<string>();
  readonly requestId = input<string | null>(null);

  readonly retry = output();
}
