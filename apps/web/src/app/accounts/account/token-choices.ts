import { type Role, type Scope, SCOPES_OF_ROLE } from '@homeserver/dto';
import type { Choice } from '@homeserver/ui';

/** What a token with a scope may do, in plain words. */
export const SCOPE_WORDS: Readonly<
  Record<Scope, { readonly label: string; readonly hint: string }>
> = {
  'files:read': { label: 'Read files', hint: 'List, search and download' },
  'files:write': { label: 'Change files', hint: 'Upload, rename, move, tag and delete' },
  'monitoring:read': { label: 'Watch the machine', hint: 'Dashboard figures and metrics' },
  'events:read': { label: 'Follow what happens', hint: 'The event log and its stream' },
  'shares:write': { label: 'Make share links', hint: 'And change or end your own' },
  admin: { label: 'Administer', hint: 'People, drives and everything else' },
};

/** How long a token lasts, as the form offers it. */
export const EXPIRY_CHOICES: readonly Choice[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'date', label: 'Until a day …' },
  { value: 'never', label: 'Never' },
];

const MS_A_DAY = 86_400_000;

/** The scopes that somebody may give to a token: no more than they have. */
export function scopesFor(role: Role): readonly Scope[] {
  return SCOPES_OF_ROLE[role];
}

/**
 * When a token ends.
 * @param choice one of `EXPIRY_CHOICES`
 * @param day the last day for the choice `date`, such as `2026-08-14`
 * @returns an ISO time; undefined: never; null: the day is missing or over
 */
export function expiryOf(choice: string, day: string, now: Date): string | undefined | null {
  if (choice === 'never') return undefined;
  if (choice === 'date') {
    // Without a time zone it is the end of the day here.
    const end = new Date(`${day}T23:59:59`);
    return Number.isNaN(end.getTime()) || end <= now ? null : end.toISOString();
  }
  return new Date(now.getTime() + Number(choice) * MS_A_DAY).toISOString();
}

/** A day here as the browser's date field writes it: `2026-08-14`. */
export function dayOf(date: Date): string {
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}
