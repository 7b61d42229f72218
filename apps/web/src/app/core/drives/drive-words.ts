import type { Drive } from '@homeserver/dto';
import { countOf, formatCount, type IconName, type ProgressTone } from '@homeserver/ui';

/** From here on it is nearly full, and full. */
const WARNING_PERCENT = 80;
const ALARM_PERCENT = 95;

/** How full a filesystem is. */
export interface DriveFill {
  readonly percent: number;
  readonly tone: ProgressTone;
}

/** What there is to say about a drive before its files. */
export interface DriveCondition {
  readonly tone: 'plain' | ProgressTone;
  readonly icon: IconName;
  /** A word or two. */
  readonly label: string;
  /** What it means and what to do; empty where there is nothing to do. */
  readonly text: string;
}

type Place = Pick<Drive, 'freeBytes' | 'totalBytes'>;
type Condition = Pick<Drive, 'state' | 'readOnly' | 'index' | 'attention'>;

/** null where the machine cannot tell. */
export function fillOf({ freeBytes, totalBytes }: Place): DriveFill | null {
  if (freeBytes === null || totalBytes === null || totalBytes === 0) return null;
  const percent = Math.round(((totalBytes - freeBytes) / totalBytes) * 100);
  return { percent, tone: toneOfFill(percent) };
}

/** Of whatever can be full: a drive, a quota. */
export function toneOfFill(percent: number): ProgressTone {
  if (percent >= ALARM_PERCENT) return 'alarm';
  return percent >= WARNING_PERCENT ? 'warning' : 'accent';
}

/** The one thing that matters most about a drive at the moment. */
export function conditionOf({ state, readOnly, index, attention }: Condition): DriveCondition {
  if (state === 'offline') return OFFLINE;
  if (state === 'replaced') return REPLACED;
  if (attention?.reason === 'mass_removal')
    return {
      tone: 'warning',
      icon: 'warning',
      label: 'Needs a decision',
      text: `About ${formatCount(attention.missingCount)} of ${countOf(attention.entryCount, 'entry', 'entries')} are no longer on the disk. The scan has stopped until an administrator decides.`,
    };
  if (attention?.reason === 'corrupted') {
    const { corruptedCount } = attention;
    const is = corruptedCount === 1 ? 'is' : 'are';
    return {
      tone: 'alarm',
      icon: 'warning',
      label: 'Corrupted files',
      text: `${countOf(corruptedCount, 'file')} ${is} not what was stored: bytes have changed on the disk, and nobody wrote to them. Nothing was removed. Save what is left of them, put good copies in their place from a backup, and have the disk looked at: it may be failing.`,
    };
  }
  if (index.state === 'scanning') {
    const seen = countOf(index.scannedCount, 'entry', 'entries');
    const text = index.scannedAt === null ? 'Folders can be opened while it fills.' : '';
    const verb = index.scannedAt === null ? 'Indexing' : 'Scanning';
    return { tone: 'plain', icon: 'scan', label: `${verb}: ${seen} so far`, text };
  }
  if (index.state === 'failed') return FAILED;
  return readOnly ? READ_ONLY : ONLINE;
}

/** Why nothing can be changed on a drive, in words for a person; null when it can. */
export function refusalOf(
  drive: Pick<Drive, 'name' | 'state' | 'access' | 'readOnly'> | null,
): string | null {
  if (drive === null) return null;
  if (drive.state !== 'online') return awayText(drive);
  if (drive.access !== 'write')
    return `You may look at the drive ${drive.name}, but not change it.`;
  return drive.readOnly ? `The drive ${drive.name} is read-only.` : null;
}

/** Why the bytes on a drive cannot be had; null when they can. */
export function awayText({ name, state }: Pick<Drive, 'name' | 'state'>): string | null {
  if (state === 'online') return null;
  return state === 'offline'
    ? `The drive ${name} is offline.`
    : `Another disk is in the place of the drive ${name}.`;
}

const OFFLINE: DriveCondition = {
  tone: 'warning',
  icon: 'driveOff',
  label: 'Offline',
  text: 'Its disk is not there. Everything that is known of its files stays; plug it in again, and all is as before.',
};

const REPLACED: DriveCondition = {
  tone: 'alarm',
  icon: 'driveOff',
  label: 'Another disk',
  text: 'Another disk is in its place. Nothing is read from it or written to it; put the right one back, or add this one as a drive of its own.',
};

const FAILED: DriveCondition = {
  tone: 'warning',
  icon: 'warning',
  label: 'Scan failed',
  text: 'It is tried again by itself. The log of HomeServer says more.',
};

const READ_ONLY: DriveCondition = { tone: 'plain', icon: 'lock', label: 'Read-only', text: '' };
const ONLINE: DriveCondition = { tone: 'plain', icon: 'check', label: 'Online', text: '' };
