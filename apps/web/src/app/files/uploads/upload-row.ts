import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { bytesText, Icon, ProgressBar } from '@homeserver/ui';

import type { UploadItem } from './upload-item';
import { UploadQueue } from './upload-queue';

/** Below this the share says enough; above, the bytes show that something moves. */
const LARGE_BYTES = 100_000_000;

interface RowWords {
  readonly share: number;
  readonly state: string;
  readonly isRunning: boolean;
  readonly isPaused: boolean;
}

/** One upload that is under way, or waits. */
@Component({
  selector: 'home-upload-row',
  imports: [Icon, ProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="line">
      <span class="name" [title]="item().path">{{ item().name }}</span>
      <span class="state">{{ words().state }}</span>
      @if (words().isPaused || words().isRunning || !queue.isPaused()) {
        <!-- One button, so that the keyboard stays where it was pressed. -->
        <button
          type="button"
          class="quiet"
          [title]="words().isPaused ? 'Go on' : 'Pause'"
          [attr.aria-label]="(words().isPaused ? 'Go on with ' : 'Pause ') + item().name"
          (click)="words().isPaused ? queue.resume(item()) : queue.pause(item())"
        >
          <home-icon [name]="words().isPaused ? 'play' : 'pause'" [size]="16" />
        </button>
      }
      <button
        type="button"
        class="quiet"
        title="Cancel"
        [attr.aria-label]="'Cancel ' + item().name"
        (click)="queue.cancel(item())"
      >
        <home-icon name="close" [size]="16" />
      </button>
    </div>
    @if (words().isRunning || words().share > 0) {
      <home-progress-bar [label]="item().name" [value]="words().share" />
    }
  `,
  styleUrl: './upload-row.scss',
})
export class UploadRow {
  readonly item = input.required<UploadItem>();

  protected readonly queue = inject(UploadQueue);
  protected readonly words = computed<RowWords>(
    () => {
      // The item is a plain thing: the queue says when to look at it again.
      this.queue.beat();
      return wordsOf(this.item());
    },
    {
      equal: (one, other) =>
        one.share === other.share &&
        one.state === other.state &&
        one.isRunning === other.isRunning &&
        one.isPaused === other.isPaused,
    },
  );
}

function wordsOf(item: UploadItem): RowWords {
  const share = item.size === 0 ? 0 : item.sentBytes / item.size;
  const isRunning = item.state === 'running';
  return { share, state: stateOf(item, share), isRunning, isPaused: item.state === 'paused' };
}

function stateOf({ state, sentBytes, size, isFolder }: UploadItem, share: number): string {
  if (state === 'paused') return 'paused';
  if (state === 'resting') return 'tries again soon';
  if (state === 'waiting') return sentBytes > 0 ? 'waits to go on' : 'waiting';
  if (isFolder) return 'folder';
  // All is sent; the server makes sure that it lies safely on the drive.
  if (share === 1) return 'saving';
  const percent = `${Math.floor(share * 100)} %`;
  return size < LARGE_BYTES
    ? percent
    : `${percent} · ${bytesText(sentBytes)} of ${bytesText(size)}`;
}
