import type { ServedDrive } from '../../drives';
import type { IndexedDrive } from './index-protocol';

/** What the thread of the index is told of a drive. */
export function toIndexed(
  drive: Omit<IndexedDrive, 'driveId'> & { readonly id: string },
): IndexedDrive {
  const { id, name, place, rootFolderId, excludes, showHidden, crossMounts, readOnly } = drive;
  return { driveId: id, name, place, rootFolderId, excludes, showHidden, crossMounts, readOnly };
}

/** What decides which entries of a drive are shown. */
export function shownBy({ place, excludes, showHidden, crossMounts }: ServedDrive): unknown {
  return { place, excludes, showHidden, crossMounts };
}
