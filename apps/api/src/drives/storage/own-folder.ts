import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { errorCode } from '../../platform/filesystem/error-code';

/** What a drive has of ours, at its root. */
export const OWN_FOLDER = '.homeserver';
export const STAGING = [OWN_FOLDER, 'staging'];
/** Where folders lie that were deleted, until their bytes are removed. */
export const DISCARDED = [OWN_FOLDER, 'removed'];
const OWN_FOLDER_MODE = 0o700;

/**
 * Makes the folders that writing needs. Only for a drive that is known to be the right one.
 * @param root a path that leads to it whatever is mounted or unmounted meanwhile
 */
export async function makeOwnFolders(root: string): Promise<void> {
  // Each by itself: a root that is gone is not made again.
  for (const names of [[OWN_FOLDER], STAGING, DISCARDED]) {
    try {
      await mkdir(path.join(root, ...names), { mode: OWN_FOLDER_MODE });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
