import { Clipboard } from '@angular/cdk/clipboard';
import { ChangeDetectionStrategy, Component, inject, input, linkedSignal } from '@angular/core';

import { Icon } from '../icon/icon';

/** The id of a request that failed, with which the server's log can be searched, and a button to copy it. */
@Component({
  selector: 'home-request-id',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span
      >Request <code>{{ requestId() }}</code></span
    >
    <button type="button" (click)="copy()">
      <home-icon [name]="isCopied() ? 'check' : 'copy'" [size]="16" />
      <span aria-live="polite">{{ isCopied() ? 'Copied' : 'Copy' }}</span>
    </button>
  `,
  styleUrl: './request-id.scss',
})
export class RequestId {
  readonly requestId = input.required<string>();

  protected readonly isCopied = linkedSignal({
    source: this.requestId,
    computation: () => false,
  });

  // Not navigator.clipboard: over plain HTTP, the usual way into a home server, browsers have none.
  private readonly clipboard = inject(Clipboard);

  protected copy(): void {
    this.isCopied.set(this.clipboard.copy(this.requestId()));
  }
}
