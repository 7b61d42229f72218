import { Clipboard } from '@angular/cdk/clipboard';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { countOf, formatCount, Icon } from '@homeserver/ui';

import { UploadQueue } from './upload-queue';

const IN_SIGHT = 4;

/** The uploads that failed, each with its reason and the way to try it again. */
@Component({
  selector: 'home-upload-failures',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (!isSaidAbove() || queue.failed().length > 1) {
      <div class="head">
        @if (!isSaidAbove()) {
          <h3>{{ heading() }}</h3>
        }
        @if (queue.failed().length > 1) {
          <button type="button" class="words" (click)="queue.retryAll()">Try all again</button>
        }
      </div>
    }
    <ul>
      @for (upload of shown(); track upload.file) {
        <li>
          <home-icon name="alarm" [size]="18" />
          <div>
            <p class="name">{{ upload.file.name }}</p>
            <p class="reason">{{ upload.reason }}</p>
            @if (upload.requestId; as id) {
              <button type="button" class="words" (click)="copy(id)">
                {{ copiedId() === id ? 'Copied' : 'Copy the request id' }}
              </button>
            }
          </div>
          <button
            type="button"
            class="quiet"
            [attr.aria-label]="'Try ' + upload.file.name + ' again'"
            title="Try again"
            (click)="queue.retry(upload)"
          >
            <home-icon name="retry" [size]="18" />
          </button>
        </li>
      }
    </ul>
    @if (hiddenCount() > 0) {
      <p class="reason">and {{ formatCount(hiddenCount()) }} more</p>
    }
  `,
  styleUrl: './upload-failures.scss',
})
export class UploadFailures {
  protected readonly queue = inject(UploadQueue);
  protected readonly shown = computed(() => this.queue.failed().slice(0, IN_SIGHT));
  protected readonly hiddenCount = computed(() => this.queue.failed().length - this.shown().length);
  /** Nothing else is in the panel, whose heading counts them. */
  protected readonly isSaidAbove = computed(() => this.queue.tally().totalCount === 0);
  protected readonly heading = computed(
    () => `${countOf(this.queue.failed().length, 'file')} failed`,
  );
  protected readonly copiedId = signal<string | null>(null);
  protected readonly formatCount = formatCount;

  private readonly clipboard = inject(Clipboard);

  protected copy(requestId: string): void {
    this.copiedId.set(this.clipboard.copy(requestId) ? requestId : null);
  }
}
