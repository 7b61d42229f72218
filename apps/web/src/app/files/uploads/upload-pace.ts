import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { bytesText } from '@homeserver/ui';

import { UploadQueue } from './upload-queue';
import { SpeedMeter, timeLeftInWords, workOf } from './upload-speed';

const LOOK_EVERY_MS = 1000;
/** Below this, among small files, the speed of bytes says nothing. */
const SPEED_WORTH_SAYING = 50_000;

/** How fast the uploads go and how long they still take, in words that change once a second. */
@Injectable()
export class UploadPace {
  readonly words = computed(() => this.currentWords());

  private readonly currentWords = signal('');
  private readonly queue = inject(UploadQueue);
  private readonly bytes = new SpeedMeter();
  private readonly work = new SpeedMeter();

  constructor() {
    const timer = setInterval(() => this.look(performance.now()), LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  private look(now: number): void {
    if (!this.queue.isBusy() || this.queue.isHeld() || this.queue.isPaused()) {
      this.bytes.reset();
      this.work.reset();
      this.currentWords.set('');
      return;
    }
    const { doneCount, totalCount, totalBytes } = this.queue.tally();
    const sent = this.queue.sentBytes();
    const done = workOf(sent, doneCount);
    this.bytes.note(sent, now);
    this.work.note(done, now);
    const speed = this.bytes.perSecond() ?? 0;
    const left = timeLeftInWords(workOf(totalBytes, totalCount) - done, this.work.perSecond());
    const words = speed < SPEED_WORTH_SAYING ? [left] : [`${bytesText(speed)}/s`, left];
    this.currentWords.set(words.filter((part) => part !== '').join(' · '));
  }
}
