import type { CarryResult } from './upload-carrier';
import type { UploadItem } from './upload-item';

/** Tries that bring an upload no further before it counts as failed: by then some minutes have passed. */
const MOST_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** What passes by itself: somebody else at work, a proxy without its server, a drive that is away. */
const PASSING = new Set([408, 423, 425, 429, 460, 500, 502, 503, 504]);

/** What is done next with an upload. */
export type NextStep =
  | { readonly kind: 'store'; readonly id: string | null }
  | { readonly kind: 'ask'; readonly about: 'taken' | 'known' }
  | { readonly kind: 'again'; readonly afterMs: number; readonly hold: 'server' | 'session' | null }
  | { readonly kind: 'fail'; readonly reason: string; readonly requestId: string | null }
  | { readonly kind: 'none' };

/** What follows from how far an upload came. It is told of the item what the next try has to know. */
export function nextStepOf(item: UploadItem, result: CarryResult): NextStep {
  switch (result.kind) {
    case 'stored':
      return { kind: 'store', id: result.id };
    case 'folder':
      return { kind: 'store', id: null };
    case 'known':
      item.twin = result.twin;
      return { kind: 'ask', about: 'known' };
    case 'gone':
      item.url = null;
      item.sentBytes = 0;
      return again(item, null, 'HomeServer had nothing of it any more, time and again.');
    case 'disconnected':
      item.isUncertain ||= item.url === null;
      return again(item, 'server', LOST);
    case 'signed-out':
      return { kind: 'again', afterMs: 0, hold: 'session' };
    case 'unreadable':
      return fail(UNREADABLE, null);
    case 'stopped':
      return { kind: 'none' };
    case 'refused':
      return refused(item, result);
  }
}

export const UNREADABLE =
  'The file was changed, moved or deleted on this device since it was chosen. Choose it again.';

const LOST =
  'The connection was lost again and again before HomeServer had the file. What has arrived is kept for some days: try again later.';

function refused(
  item: UploadItem,
  { status, problem, retryAfterMs }: Extract<CarryResult, { kind: 'refused' }>,
): NextStep {
  const isAsked = problem.code === 'files.name_taken' && item.conflict === 'fail' && !item.isFolder;
  if (isAsked) return { kind: 'ask', about: 'taken' };
  // The server knows better where it goes on.
  if (!PASSING.has(status) && problem.code !== 'uploads.offset_conflict')
    return fail(problem.detail, problem.requestId);
  const step = again(item, null, problem.detail, problem.requestId);
  return step.kind === 'again'
    ? { ...step, afterMs: Math.min(LONGEST_PAUSE_MS, Math.max(step.afterMs, retryAfterMs ?? 0)) }
    : step;
}

/** At growing distances, for as long as it brings the upload further at all. */
function again(
  item: UploadItem,
  hold: 'server' | null,
  reason: string,
  requestId: string | null = null,
): NextStep {
  item.attempts += 1;
  if (item.attempts > MOST_ATTEMPTS) return fail(reason, requestId);
  const afterMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (item.attempts - 1));
  item.reason = reason;
  return { kind: 'again', afterMs, hold };
}

function fail(reason: string, requestId: string | null): NextStep {
  return { kind: 'fail', reason, requestId };
}
