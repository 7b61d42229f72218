import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { bytesText } from '@homeserver/ui';

import { UploadQueue } from './upload-queue';
import { SpeedMeter, timeLeftInWords } from './upload-speed';

const LOOK_EVERY_MS = 1000;

/** How fast the uploads go and how long they still take, in words that change once a second. */
@Injectable()
export class UploadPace {
  readonly words = computed(() => this.currentWords());

  private readonly currentWords = signal('');
  private readonly queue = inject(UploadQueue);
  private readonly meter = new SpeedMeter();

  constructor() {
    const timer = setInterval(() => this.look(performance.now()), LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  private look(now: number): void {
    if (!this.queue.isBusy() || this.queue.isHeld()) {
      this.meter.reset();
      this.currentWords.set('');
      return;
    }
    const sent = this.queue.sentBytes();
    this.meter.note(sent, now);
    const speed = this.meter.bytesPerSecond();
    if (speed === null) return;
    const left = timeLeftInWords(this.queue.tally().totalBytes - sent, speed);
    this.currentWords.set(
      [`${bytesText(speed)}/s`, left].filter((part) => part !== '').join(' · '),
    );
  }
}
