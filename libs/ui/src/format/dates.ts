const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3600;
const SECONDS_A_DAY = 86_400;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** The time of day here: `19:42`. */
export function formatClock(date: Date): string {
  return clock.format(date);
}

/** The time of day here to the second: `19:42:08`. */
export function formatClockWithSeconds(date: Date): string {
  return clockWithSeconds.format(date);
}

/** The day, as short as it stays clear: `today`, `yesterday`, `14 Aug`, `14 Aug 2024`. */
export function formatDay(date: Date, now: Date): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / (SECONDS_A_DAY * 1000));
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  return (date.getFullYear() === now.getFullYear() ? dayAndMonth : dayMonthYear).format(date);
}

/** The whole date and time: `14 Aug 2026, 19:42`. */
export function formatDateTime(date: Date): string {
  return `${dayMonthYear.format(date)}, ${clock.format(date)}`;
}

/** How long ago: `now`, `2 min`, `1 h`; from six hours on the time of day, from yesterday on the day. */
export function formatAge(date: Date, now: Date): string {
  const seconds = (now.getTime() - date.getTime()) / 1000;
  if (seconds < SECONDS_A_MINUTE) return 'now';
  if (seconds < SECONDS_AN_HOUR) return `${Math.floor(seconds / SECONDS_A_MINUTE)} min`;
  if (seconds < 6 * SECONDS_AN_HOUR) return `${Math.floor(seconds / SECONDS_AN_HOUR)} h`;
  const day = formatDay(date, now);
  return day === 'today' ? formatClock(date) : day;
}

/** A span of time in its two largest parts: `12 d 4 h`, `3 h 12 min`, `4 min`, `25 s`. */
export function formatDuration(seconds: number): string {
  const days = Math.floor(seconds / SECONDS_A_DAY);
  const hours = Math.floor((seconds % SECONDS_A_DAY) / SECONDS_AN_HOUR);
  const minutes = Math.floor((seconds % SECONDS_AN_HOUR) / SECONDS_A_MINUTE);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min`;
  return `${Math.floor(seconds)} s`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
