import { Clipboard } from '@angular/cdk/clipboard';
import {
  ChangeDetectionStrategy,
  Component,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';

import { Button } from '../button/button';
import { Icon } from '../icon/icon';

/** What went wrong, what to do, and the request's id, with which the server's log can be searched. */
@Component({
  selector: 'home-error-state',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-icon class="symbol is-alarm" name="alarm" [size]="28" />
    <div role="alert">
      <h2>{{ heading() }}</h2>
      <p>{{ detail() }}</p>
    </div>
    <div class="actions">
      <button homeButton type="button" (click)="retry.emit()">
        <home-icon name="retry" />{{ retryLabel() }}
      </button>
    </div>
    @if (requestId(); as id) {
      <div class="request">
        <span
          >Request <code>{{ id }}</code></span
        >
        <button type="button" class="copy" (click)="copy(id)">
          <home-icon [name]="isCopied() ? 'check' : 'copy'" [size]="16" />
          <span aria-live="polite">{{ isCopied() ? 'Copied' : 'Copy' }}</span>
        </button>
      </div>
    }
  `,
  styleUrl: './state.scss',
})
export class ErrorState {
  readonly heading = input.required<string>();
  readonly detail = input.required<string>();
  readonly requestId = input<string | null>(null);
  readonly retryLabel = input('Try again');

  readonly retry = output();

  protected readonly isCopied = linkedSignal({ source: this.requestId, computation: () => false });

  // Not navigator.clipboard: over plain HTTP, the usual way into a home server, browsers have none.
  private readonly clipboard = inject(Clipboard);

  protected copy(requestId: string): void {
    this.isCopied.set(this.clipboard.copy(requestId));
  }
}
