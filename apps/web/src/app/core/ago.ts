import { formatAge, formatClock, formatDay } from '@homeserver/ui';

/** How long ago, within a sentence: `just now`, `2 min ago`, `today at 03:10`, `yesterday`, `2 Aug`. */
export function agoText(time: string, now: Date): string {
  const date = new Date(time);
  const age = formatAge(date, now);
  if (age === 'now') return 'just now';
  if (/ (min|h)$/.test(age)) return `${age} ago`;
  return formatDay(date, now) === 'today' ? `today at ${formatClock(date)}` : age;
}

/** The same at the beginning of a line: `Just now`. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
