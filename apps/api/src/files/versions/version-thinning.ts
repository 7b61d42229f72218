/** What thinning has to know of an earlier content. */
export interface AgedVersion {
  readonly id: string;
  readonly replacedAt: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WEEK_MS = 7 * DAY_MS;
const DAYS_BY_DAY = 30;
const DAYS_BY_WEEK = 365;

/**
 * Of the earlier contents of one file, those that are too many: all of the last 24 hours are kept, then the last one of
 * each day for a month, of each week for a year, and of each month after that. The periods are those of UTC, so that
 * what was kept once is not given up for another one of the same period later.
 * @returns their ids, the oldest first
 */
export function versionsToThin(versions: readonly AgedVersion[], now: Date): string[] {
  const newestFirst = versions.toSorted(
    (one, other) => other.replacedAt.getTime() - one.replacedAt.getTime(),
  );
  const keptPeriods = new Set<string>();
  const thinned: string[] = [];
  for (const { id, replacedAt } of newestFirst) {
    const period = periodOf(replacedAt, now);
    if (period === null) continue;
    if (keptPeriods.has(period)) thinned.push(id);
    keptPeriods.add(period);
  }
  return thinned.reverse();
}

/** null for what is so young that all of it is kept. */
function periodOf(time: Date, now: Date): string | null {
  const days = (now.getTime() - time.getTime()) / DAY_MS;
  if (days < 1) return null;
  if (days < DAYS_BY_DAY) return `day ${Math.floor(time.getTime() / DAY_MS)}`;
  if (days < DAYS_BY_WEEK) return `week ${Math.floor(time.getTime() / WEEK_MS)}`;
  return `month ${time.toISOString().slice(0, 'YYYY-MM'.length)}`;
}
