import { DOCUMENT, inject, Injectable } from '@angular/core';

/** A page that nobody sees draws no frames. */
const UNSEEN_EVERY_MS = 500;

/** Puts together what happens between two frames, so that a thousand events are drawn once. */
@Injectable({ providedIn: 'root' })
export class Frames {
  private readonly document = inject(DOCUMENT);

  /** @returns a function that draws with the next frame, once however often it is called before */
  batched(draw: () => void): () => void {
    let isAsked = false;
    const run = () => {
      isAsked = false;
      draw();
    };
    return () => {
      if (isAsked) return;
      isAsked = true;
      if (this.document.hidden) setTimeout(run, UNSEEN_EVERY_MS);
      else requestAnimationFrame(run);
    };
  }
}
