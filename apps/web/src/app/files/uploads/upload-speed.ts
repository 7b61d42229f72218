/** Speeds of networks jump: this much of the past is looked at together. */
const WINDOW_MS = 5000;
/** Before so much has passed, a speed would be a guess. */
const SHORTEST_MS = 1500;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** How fast bytes leave, over the last seconds. */
export class SpeedMeter {
  private samples: readonly Sample[] = [];

  /**
   * @param bytes all that was sent so far; less than before begins anew
   * @param at in milliseconds
   */
  note(bytes: number, at: number): void {
    const last = this.samples.at(-1);
    const kept = last !== undefined && bytes < last.bytes ? [] : this.samples;
    const recent = kept.filter((_, index) => {
      // One older than the window stays, so that the window is always whole.
      const next = kept[index + 1];
      return next === undefined || at - next.at < WINDOW_MS;
    });
    this.samples = [...recent, { bytes, at }];
  }

  reset(): void {
    this.samples = [];
  }

  /** In bytes a second; null while it is too early to tell. */
  bytesPerSecond(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

/** How long the rest takes, in words: `a few seconds left`, `2 min left`; empty when nothing is known. */
export function timeLeftInWords(restBytes: number, bytesPerSecond: number | null): string {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return '';
  const seconds = restBytes / bytesPerSecond;
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `${Math.round(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min left` : `${Math.round(hours / 24)} d left`;
}
