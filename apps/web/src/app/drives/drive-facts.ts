import type { Drive } from '@homeserver/dto';
import { bytesText, byteUnitOf, countOf, formatBytesIn } from '@homeserver/ui';

import { agoText, capitalised } from '../core/ago';

export interface DriveFact {
  readonly label: string;
  readonly value: string;
}

const WATCHING: Readonly<Record<Drive['index']['watching'], string>> = {
  notifications: 'At once',
  polling: 'By looking every so often',
  none: 'At the next scan',
};

/** `1.22 of 2.0 TB used`; while its disk is away, what is known of its files. */
export function roomText({ usedBytes, freeBytes, totalBytes }: Drive): string {
  if (freeBytes === null || totalBytes === null) {
    const free = freeBytes === null ? '' : `, ${bytesText(freeBytes)} free`;
    return `${bytesText(usedBytes)} in its files${free}`;
  }
  const unit = byteUnitOf(totalBytes);
  const used = formatBytesIn(totalBytes - freeBytes, unit);
  return `${used} of ${formatBytesIn(totalBytes, unit)}\u00a0${unit} used`;
}

export function factsOf(drive: Drive, now: Date): readonly DriveFact[] {
  const { index, entryCount, usedBytes } = drive;
  const { scannedAt } = index;
  return [
    { label: 'Holds', value: countOf(entryCount, 'entry', 'entries') },
    { label: 'In its files', value: bytesText(usedBytes) },
    { label: 'Changes are noticed', value: WATCHING[index.watching] },
    {
      label: 'Last scan',
      value: scannedAt === null ? 'Not yet' : capitalised(agoText(scannedAt, now)),
    },
  ];
}
