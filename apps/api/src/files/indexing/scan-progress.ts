import type { DriveIndexState } from '../../drives';

const EVERY_MS = 1000;

/** Notes how far a scan is, now and then; of one that is over in a moment nothing is shown. */
export class ScanProgress {
  private readonly began = Date.now();
  private notedAt = 0;
  private noting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly states: DriveIndexState,
    private readonly driveId: string,
    private readonly isShownAtOnce: boolean,
  ) {
    if (isShownAtOnce) this.show(0);
  }

  show(seenCount: number): void {
    const now = Date.now();
    if (now - this.notedAt < EVERY_MS || (!this.isShownAtOnce && now - this.began < EVERY_MS))
      return;
    this.notedAt = now;
    this.noting = this.states
      .set(this.driveId, { indexState: 'scanning', scannedCount: seenCount })
      .catch(() => undefined); // the next one tells
  }

  async settle(): Promise<void> {
    await this.noting;
  }
}
