import type { Drive, TrashItem } from '@homeserver/dto';
import { formatDateTime, type IconName } from '@homeserver/ui';

import { agoText } from '../../core/ago';
import { sizeText } from '../entries/entry-count';
import { iconOf } from '../entries/entry-kind';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface TrashLine {
  readonly item: TrashItem;
  readonly icon: IconName;
  readonly name: string;
  /** The folder that it was in; empty for the top of the drive. */
  readonly from: string;
  readonly size: string;
  /** `Deleted 2 min ago`. */
  readonly since: string;
  readonly sinceInFull: string;
  /** `29 days left`. */
  readonly left: string;
  readonly leftInFull: string;
}

export interface TrashSection {
  readonly driveId: string;
  readonly name: string;
  /** Whether the person may take something out, or delete it. */
  readonly canChange: boolean;
  readonly lines: readonly TrashLine[];
}

/** The trash by drive, in the order of the drives. */
export function sectionsOf(
  items: readonly TrashItem[],
  drives: readonly Drive[],
  now: Date,
): readonly TrashSection[] {
  const byDrive = Map.groupBy(items, ({ file }) => file.driveId);
  const order = [...new Set([...drives.map(({ id }) => id), ...byDrive.keys()])];
  return order.flatMap((driveId) => {
    const held = byDrive.get(driveId);
    if (held === undefined) return [];
    const drive = drives.find(({ id }) => id === driveId);
    return [
      {
        driveId,
        name: drive?.name ?? 'Drive',
        canChange: drive?.access === 'write' && !drive.readOnly && drive.state === 'online',
        lines: held.map((item) => lineOf(item, now)),
      },
    ];
  });
}

function lineOf(item: TrashItem, now: Date): TrashLine {
  const { file, trashedAt, expiresAt } = item;
  // The page's clock may be behind the server's.
  const asOf = Math.max(now.getTime(), Date.parse(trashedAt));
  return {
    item,
    icon: iconOf(file),
    name: file.filename,
    from: file.storagePath.split('/').slice(0, -1).join(' / '),
    size: sizeText(file),
    since: `Deleted ${agoText(trashedAt, now)}`,
    sinceInFull: formatDateTime(new Date(trashedAt)),
    left: leftText(Date.parse(expiresAt) - asOf),
    leftInFull: `Deleted for good on ${formatDateTime(new Date(expiresAt))}`,
  };
}

function leftText(leftMs: number): string {
  const days = Math.ceil(leftMs / DAY_MS);
  if (days <= 1) return 'Goes today';
  return `${days} days left`;
}
