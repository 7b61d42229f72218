import type { User } from '@homeserver/dto';
import { bytesText, type ProgressTone } from '@homeserver/ui';

import { toneOfFill } from '../../core/drives/drive-words';

const GIGABYTE = 1_000_000_000;
/** No more than a number keeps exactly. */
const MOST_GIGABYTES = 9_000_000;

type Quota = Pick<User, 'usedBytes' | 'quotaBytes'>;

/** `12.4 GB of 50 GB`, or what is used alone. */
export function quotaText({ usedBytes, quotaBytes }: Quota): string {
  const used = bytesText(usedBytes);
  return quotaBytes === null ? used : `${used} of ${bytesText(quotaBytes)}`;
}

/** How much of the quota is used, 0 to 1; null where there is none. */
export function quotaShare({ usedBytes, quotaBytes }: Quota): number | null {
  if (quotaBytes === null) return null;
  return quotaBytes === 0 ? 1 : Math.min(1, usedBytes / quotaBytes);
}

/** As of a drive that is so full; that of an empty one where there is no quota. */
export function quotaTone(quota: Quota): ProgressTone {
  return toneOfFill((quotaShare(quota) ?? 0) * 100);
}

/** As it stands in a field: gigabytes, or nothing where there is no quota. */
export function gigabytesOf(quotaBytes: number | null): string {
  // As digits: 1 byte would be 1e-9 else.
  return quotaBytes === null ? '' : (quotaBytes / GIGABYTE).toFixed(9).replace(/\.?0+$/, '');
}

/** What stands in that field, in bytes; null: no quota; undefined: no number. */
export function quotaOf(gigabytes: string): number | null | undefined {
  const text = gigabytes.trim().replace(',', '.');
  if (text === '') return null;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Infinity;
  return value > MOST_GIGABYTES ? undefined : Math.round(value * GIGABYTE);
}
