import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { bytesText, countOf, formatCount, Icon, ProgressBar } from '@homeserver/ui';

import { TagsOfBatch } from './tags-of-batch';
import { UploadFailures } from './upload-failures';
import { type ActiveUpload, UploadQueue } from './upload-queue';
import { UploadPace } from './upload-pace';
import { workOf } from './upload-speed';

/** Below this the share says enough; above, the bytes show that something moves. */
const LARGE_BYTES = 100_000_000;
const RENAMES_IN_SIGHT = 3;

/** The uploads, floating over whatever page is open. */
@Component({
  selector: 'home-upload-panel',
  imports: [Icon, ProgressBar, TagsOfBatch, UploadFailures],
  providers: [UploadPace],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './upload-panel.html',
  styleUrl: './upload-panel.scss',
  host: { '(click)': 'keepFocus()' },
})
export class UploadPanel {
  protected readonly queue = inject(UploadQueue);
  protected readonly pace = inject(UploadPace);
  protected readonly isFolded = signal(false);
  protected readonly isShown = computed(
    () =>
      this.queue.isBusy() || this.queue.tally().totalCount > 0 || this.queue.failed().length > 0,
  );
  protected readonly heading = computed(() => this.headingText());
  protected readonly share = computed(() => {
    const { totalBytes, doneCount, totalCount } = this.queue.tally();
    const total = workOf(totalBytes, totalCount);
    return total === 0 ? 0 : workOf(this.queue.sentBytes(), doneCount) / total;
  });
  protected readonly active = computed(() => this.queue.active().map(lineOf));
  protected readonly hiddenCount = computed(
    () => this.queue.waitingCount() - this.queue.nextWaiting().length,
  );
  protected readonly waitingWords = computed(
    () => `${countOf(this.queue.waitingCount(), 'more file')} to go`,
  );
  protected readonly renamed = computed(() => this.queue.renamed().slice(-RENAMES_IN_SIGHT));
  protected readonly hiddenRenames = computed(
    () => this.queue.renamed().length - this.renamed().length,
  );
  /** Read aloud: only what begins, ends or fails. */
  protected readonly announcement = computed(() => this.announcementText());
  protected readonly formatCount = formatCount;

  private readonly injector = inject(Injector);
  private readonly fold = viewChild<ElementRef<HTMLElement>>('fold');

  constructor() {
    keepRoomFor(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement, inject(DestroyRef));
  }

  /** A button that was pressed may go with its line: the keyboard stays in the panel. */
  protected keepFocus(): void {
    const read = () => {
      if (document.activeElement === document.body) this.fold()?.nativeElement.focus();
    };
    afterNextRender({ read }, { injector: this.injector });
  }

  private headingText(): string {
    const { doneCount, totalCount } = this.queue.tally();
    const failed = this.queue.failed().length;
    if (this.queue.isHeld()) return 'Waiting for HomeServer';
    if (this.queue.isBusy()) {
      const current = Math.min(totalCount, doneCount + this.queue.active().length);
      return `Uploading ${formatCount(current)} of ${formatCount(totalCount)}`;
    }
    if (doneCount === 0 && failed > 0) return `${countOf(failed, 'file')} not uploaded`;
    return `${countOf(doneCount, 'file')} uploaded`;
  }

  private announcementText(): string {
    const { doneCount, totalCount } = this.queue.tally();
    const failed = this.queue.failed().length;
    const failures = failed === 0 ? '' : ` ${countOf(failed, 'file')} failed.`;
    if (this.queue.isHeld()) return 'The connection was lost. The uploads wait.';
    if (this.queue.isBusy()) return `Uploading ${countOf(totalCount, 'file')}.${failures}`;
    if (!this.isShown()) return '';
    return doneCount === 0 ? failures.trim() : `${countOf(doneCount, 'file')} uploaded.${failures}`;
  }
}

function lineOf(upload: ActiveUpload) {
  const { file, sentBytes } = upload;
  const share = file.size === 0 ? 0 : sentBytes / file.size;
  const percent = `${Math.floor(share * 100)} %`;
  const bytes = ` · ${bytesText(sentBytes)} of ${bytesText(file.size)}`;
  return {
    upload,
    name: file.name,
    share,
    // All is sent; the server makes sure that it lies safely on the drive.
    state: share === 1 ? 'saving' : file.size < LARGE_BYTES ? percent : percent + bytes,
  };
}

/** Tells the pages how much of their foot is covered, so that they let their last rows be scrolled above. */
function keepRoomFor(panel: HTMLElement, destroy: DestroyRef): void {
  const root = document.documentElement;
  const observer = new ResizeObserver(() => {
    root.style.setProperty('--upload-panel-height', `${panel.offsetHeight}px`);
  });
  observer.observe(panel);
  destroy.onDestroy(() => {
    observer.disconnect();
    root.style.removeProperty('--upload-panel-height');
  });
}
