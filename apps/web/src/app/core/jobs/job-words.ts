import type { Job } from '@homeserver/dto';
import { bytesText, byteUnitOf, countOf, formatBytesIn, formatCount } from '@homeserver/ui';

export interface JobProgress {
  /** 0 to 1; null while nobody knows how much there is to do. */
  readonly share: number | null;
  /** `1,200 of 5,000 entries`, `1.2 of 3.9 GB`. */
  readonly words: string;
}

export function progressOf({ state, isCancelling, progress }: Job): JobProgress {
  const { done, total, unit } = progress;
  const share = total === null ? null : total === 0 ? 0 : Math.min(1, done / total);
  if (isCancelling) return { share, words: 'Stopping' };
  if (state === 'queued') return { share: null, words: 'Waiting' };
  return { share, words: unit === 'bytes' ? bytesWords(done, total) : entryWords(done, total) };
}

/** How a job ended, for a person. */
export function endWords({ title, state, problem }: Job): string {
  if (state === 'failed') return `${title} failed. ${problem?.detail ?? ''}`.trim();
  return state === 'cancelled' ? `${title} was stopped.` : `${title} is done.`;
}

function bytesWords(done: number, total: number | null): string {
  if (total === null) return bytesText(done);
  const unit = byteUnitOf(total);
  return `${formatBytesIn(done, unit)} of ${formatBytesIn(total, unit)}\u00a0${unit}`;
}

function entryWords(done: number, total: number | null): string {
  if (total === null) return countOf(done, 'entry', 'entries');
  return `${formatCount(done)} of ${countOf(total, 'entry', 'entries')}`;
}
