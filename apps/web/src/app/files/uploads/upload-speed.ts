/** Speeds of networks jump: this much of the past is looked at together. */
const WINDOW_MS = 5000;
/** Before so much has passed, a speed would be a guess. */
const SHORTEST_MS = 1500;

/** What a file costs beside its bytes (a request, two fsyncs, a row), in bytes that take as long. */
const FILE_COST_BYTES = 100_000;

/** Files and bytes in one measure, so that ten thousand small files do not count as nothing. */
export function workOf(bytes: number, fileCount: number): number {
  return bytes + fileCount * FILE_COST_BYTES;
}

interface Sample {
  readonly at: number;
  readonly amount: number;
}

/** How fast something grows, over the last seconds. */
export class SpeedMeter {
  private samples: readonly Sample[] = [];

  /**
   * @param amount all so far; less than before begins anew
   * @param at in milliseconds
   */
  note(amount: number, at: number): void {
    const last = this.samples.at(-1);
    const kept = last !== undefined && amount < last.amount ? [] : this.samples;
    const recent = kept.filter((_, index) => {
      // One older than the window stays, so that the window is always whole.
      const next = kept[index + 1];
      return next === undefined || at - next.at < WINDOW_MS;
    });
    this.samples = [...recent, { amount, at }];
  }

  reset(): void {
    this.samples = [];
  }

  /** A second; null while it is too early to tell. */
  perSecond(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS) return null;
    return ((last.amount - first.amount) * 1000) / (last.at - first.at);
  }
}

/** How long the rest takes, in words: `a few seconds left`, `2 min left`; empty when nothing is known. */
export function timeLeftInWords(rest: number, perSecond: number | null): string {
  if (perSecond === null || perSecond <= 0) return '';
  const seconds = rest / perSecond;
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `${Math.round(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min left` : `${Math.round(hours / 24)} d left`;
}
