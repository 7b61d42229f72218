import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { errorCode } from '../../platform/filesystem/error-code';

/** What a drive has of ours, at its root. Each part is made by itself: a root that is gone is not made again. */
const OWN_FOLDERS = ['.homeserver', '.homeserver/staging', '.homeserver/removed'];
const OWN_FOLDER_MODE = 0o700;

/**
 * Makes the folders that writing needs. Only for a drive that is known to be the right one.
 * @param root a path that leads to it whatever is mounted or unmounted meanwhile
 */
export async function makeOwnFolders(root: string): Promise<void> {
  for (const folder of OWN_FOLDERS) {
    try {
      await mkdir(path.join(root, folder), { mode: OWN_FOLDER_MODE });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
