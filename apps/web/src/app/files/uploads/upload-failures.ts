import { Clipboard } from '@angular/cdk/clipboard';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { countOf, formatCount, Icon } from '@homeserver/ui';

import type { UploadItem } from './upload-item';
import { UploadQueue } from './upload-queue';

/** Names that are written out; a thousand others failed as they did. */
const NAMES_IN_SIGHT = 100;

interface FailureGroup {
  readonly reason: string;
  readonly items: readonly UploadItem[];
  readonly heading: string;
  readonly names: readonly string[];
  readonly hiddenCount: number;
  /** Of the first of them. */
  readonly requestId: string | null;
}

/** The uploads that failed, those with the same reason together, and the way to try them again. */
@Component({
  selector: 'home-upload-failures',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul>
      @for (group of groups(); track group.reason) {
        <li>
          <home-icon name="alarm" [size]="18" />
          <div>
            <p class="name" [title]="group.heading">{{ group.heading }}</p>
            <p class="reason">{{ group.reason }}</p>
            @if (group.items.length > 1) {
              <details>
                <summary>Which ones</summary>
                @for (name of group.names; track $index) {
                  <p class="reason">{{ name }}</p>
                }
                @if (group.hiddenCount > 0) {
                  <p class="reason">and {{ formatCount(group.hiddenCount) }} more</p>
                }
              </details>
            }
            @if (group.requestId; as id) {
              <button type="button" class="words" (click)="copy(id)">
                {{ copiedId() === id ? 'Copied' : 'Copy the request id' }}
              </button>
            }
          </div>
          <button
            type="button"
            class="quiet"
            [attr.aria-label]="'Try ' + group.heading + ' again'"
            title="Try again"
            (click)="queue.retry(group.items)"
          >
            <home-icon name="retry" [size]="18" />
          </button>
        </li>
      }
    </ul>
  `,
  styleUrl: './upload-failures.scss',
})
export class UploadFailures {
  protected readonly queue = inject(UploadQueue);
  protected readonly groups = computed(() => groupsOf(this.queue.failed()));
  protected readonly copiedId = signal<string | null>(null);
  protected readonly formatCount = formatCount;

  private readonly clipboard = inject(Clipboard);

  protected copy(requestId: string): void {
    this.copiedId.set(this.clipboard.copy(requestId) ? requestId : null);
  }
}

function groupsOf(failed: readonly UploadItem[]): FailureGroup[] {
  return [...Map.groupBy(failed, ({ reason }) => reason)].map(([reason, items]) => ({
    reason,
    items,
    heading:
      items.length === 1 ? (items[0]?.name ?? '') : `${countOf(items.length, 'file')} failed`,
    names: items.slice(0, NAMES_IN_SIGHT).map(({ path }) => path),
    hiddenCount: Math.max(0, items.length - NAMES_IN_SIGHT),
    requestId: items[0]?.requestId ?? null,
  }));
}
