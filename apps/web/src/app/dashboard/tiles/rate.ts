import { byteUnitOf, formatBytesIn } from '@homeserver/ui';

/** A rate ready to be shown. Kilobytes are the smallest unit: bytes would only flicker. */
export function formatRate(bytesPerSecond: number): { value: string; unit: string } {
  const best = byteUnitOf(bytesPerSecond);
  const unit = best === 'B' ? 'kB' : best;
  return { value: formatBytesIn(bytesPerSecond, unit), unit: `${unit}/s` };
}

/** What is not known is a dash. */
export function rateText(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '–';
  const { value, unit } = formatRate(bytesPerSecond);
  return `${value}\u00a0${unit}`;
}
