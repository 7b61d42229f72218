import path from 'node:path';

import type { DriveRow } from './drives.repository';
import type { DriveStorage } from './storage/drive-storage';

/** A drive with the means to reach its bytes. */
export interface ServedDrive extends DriveRow {
  /** Of one person, or of one who was deleted. */
  readonly isPersonal: boolean;
  /** The path of its root on the machine. */
  readonly place: string;
  readonly storage: DriveStorage;
}

const DEFAULT_FOLDER = 'files';

/** The path of the root of a drive on the machine. */
export function placeOf(
  { root, folder }: Pick<DriveRow, 'root' | 'folder'>,
  dataDir: string,
): string {
  return root ?? path.join(dataDir, folder ?? DEFAULT_FOLDER);
}

/** What of a row says how a drive is served; the rest changes with its index. */
const SERVING = [
  'name',
  'readOnly',
  'ownerId',
  'folder',
  'root',
  'excludes',
  'showHidden',
  'crossMounts',
  'fileOwner',
  'fileGroup',
  'fileMode',
  'folderMode',
  'trashDays',
  'trashMaxPercent',
  'versionsMaxPercent',
  'acceptedTypes',
  'refusedTypes',
] as const satisfies readonly (keyof DriveRow)[];

/** Whether two rows of a drive say that it is served in the same way. */
export function isServedAlike(one: DriveRow, other: DriveRow): boolean {
  return SERVING.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}
