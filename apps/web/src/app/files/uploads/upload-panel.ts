import {
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
import { countOf, formatCount, Icon, ProgressBar } from '@homeserver/ui';

import { keepFocus } from '../../core/sections/keep-focus';
import { FormerOffer } from './former-offer';
import { FormerUploads } from './former-uploads';
import { Frames } from './frames';
import { TagsOfBatch } from './tags-of-batch';
import { UploadFailures } from './upload-failures';
import { UploadPace } from './upload-pace';
import { UploadQuestions } from './upload-questions';
import { UploadQueue } from './upload-queue';
import { UploadRows } from './upload-rows';
import { workOf } from './upload-speed';

/** The uploads, floating over whatever page is open. */
@Component({
  selector: 'home-upload-panel',
  imports: [
    FormerOffer,
    Icon,
    ProgressBar,
    TagsOfBatch,
    UploadFailures,
    UploadQuestions,
    UploadRows,
  ],
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
      this.queue.isBusy() ||
      this.queue.tally().totalCount > 0 ||
      this.queue.failed().length > 0 ||
      this.former.count() > 0,
  );
  protected readonly heading = computed(() => this.headingText());
  protected readonly share = computed(() => {
    const { totalBytes, doneCount, totalCount } = this.queue.tally();
    const total = workOf(totalBytes, totalCount);
    return total === 0 ? 0 : workOf(this.queue.sentBytes(), doneCount) / total;
  });
  /** Whether what is still to go was told to pause, all at once or one by one, and none was gone on with since. */
  protected readonly isPaused = computed(() => {
    if (this.queue.runningCount() > 0) return false;
    const rows = this.queue.rows();
    const isEachPaused = rows.length > 0 && rows.every(({ state }) => state === 'paused');
    return this.queue.isBusy() && (this.queue.isPaused() || isEachPaused);
  });
  /** Also while one alone was gone on with: the others have no button of their own for it. */
  protected readonly canGoOn = computed(
    () =>
      this.isPaused() ||
      (this.queue.isPaused() && this.queue.rows().length > this.queue.runningCount()),
  );
  protected readonly isMoving = computed(
    () => this.queue.isBusy() && !this.queue.isHeld() && !this.isPaused(),
  );
  protected readonly canClose = computed(() => !this.queue.isBusy() && this.former.count() === 0);
  protected readonly skippedWords = computed(() => {
    const count = this.queue.skippedCount();
    return `${countOf(count, 'file')} ${count === 1 ? 'was' : 'were'} skipped.`;
  });
  /** Read aloud: only what begins, ends or fails. */
  protected readonly announcement = computed(() => this.announcementText());

  /**
   * A button that was pressed may go with its line: the keyboard stays in the panel. The queue has asked
   * for its frame by then, so that what is looked at is drawn after it.
   */
  protected readonly keepFocus = inject(Frames).batched(() => {
    keepFocus(() => this.fold()?.nativeElement, this.injector);
  });

  private readonly former = inject(FormerUploads);
  private readonly injector = inject(Injector);
  private readonly fold = viewChild<ElementRef<HTMLElement>>('fold');

  constructor() {
    keepRoomFor(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement, inject(DestroyRef));
  }

  private headingText(): string {
    const { doneCount, totalCount } = this.queue.tally();
    const failed = this.queue.failed().length;
    if (this.queue.isHeld()) return 'Waiting for HomeServer';
    if (this.isPaused()) return `Paused, ${formatCount(totalCount - doneCount)} to go`;
    if (this.queue.isBusy() && this.queue.rows().length === 0) return 'Waiting for you';
    if (this.queue.isBusy()) {
      // What is tried again soon does not run, and is under way all the same.
      const current = Math.min(totalCount, doneCount + Math.max(1, this.queue.runningCount()));
      return `Uploading ${formatCount(current)} of ${formatCount(totalCount)}`;
    }
    if (doneCount === 0 && failed === 0 && this.former.count() > 0) return 'Unfinished uploads';
    if (doneCount === 0 && this.queue.skippedCount() > 0 && failed === 0) return 'Nothing uploaded';
    if (doneCount === 0 && failed > 0) return `${countOf(failed, 'file')} not uploaded`;
    return `${countOf(doneCount, 'file')} uploaded`;
  }

  private announcementText(): string {
    const { doneCount, totalCount } = this.queue.tally();
    const failed = this.queue.failed().length;
    const failures = failed === 0 ? '' : ` ${countOf(failed, 'file')} failed.`;
    if (this.queue.isHeld()) return 'The connection was lost. The uploads wait.';
    const asked = this.queue.taken().length + this.queue.known().length;
    if (asked > 0) return 'The uploads ask you something.';
    if (this.isPaused()) return 'The uploads are paused.';
    if (this.queue.isBusy()) return `Uploading ${countOf(totalCount, 'file')}.${failures}`;
    if (doneCount === 0 && failed === 0) return '';
    return doneCount === 0 ? failures.trim() : `${countOf(doneCount, 'file')} uploaded.${failures}`;
  }
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
