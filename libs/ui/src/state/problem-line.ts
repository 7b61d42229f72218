import { ChangeDetectionStrategy, Component, input } from '@angular/core';

import { Icon } from '../icon/icon';
import { RequestId } from './request-id';

/** What went wrong with what was just asked for, beside it, read aloud at once. */
@Component({
  selector: 'home-problem-line',
  imports: [Icon, RequestId],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-icon name="alarm" [size]="18" />
    <div>
      <p role="alert">{{ detail() }}</p>
      @if (requestId(); as id) {
        <home-request-id [requestId]="id" />
      }
    </div>
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      align-items: flex-start;
      gap: 10px;
    }

    home-icon {
      margin-top: 1px;
      color: var(--alarm);
    }

    div {
      flex: 1;
      min-width: 0;
    }

    p {
      margin: 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class ProblemLine {
  readonly detail = input.required<string>();
  readonly requestId = input<string | null>(null);
}
