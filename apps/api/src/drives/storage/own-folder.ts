import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { errorCode } from '../../platform/filesystem/error-code';
import { HeldFolder } from './held-folder';
import { OWN_FOLDER, TRASH_PATH, VERSIONS_PATH } from '../../platform/filesystem/own-folder';

const STAGING_NAME = 'staging';
const DISCARDED_NAME = 'removed';
const TRASH_NAME = path.basename(TRASH_PATH);
const VERSIONS_NAME = path.basename(VERSIONS_PATH);
export const STAGING = [OWN_FOLDER, STAGING_NAME];
/** Where folders lie that were deleted, until their bytes are removed. */
export const DISCARDED = [OWN_FOLDER, DISCARDED_NAME];
const OWN_FOLDER_MODE = 0o700;

/**
 * Makes the folders that writing needs. Only for a drive that is known to be the right one.
 * @param root a path that leads to it whatever is mounted or unmounted meanwhile
 * @throws the system's errors: ELOOP or ENOTDIR where a link, or a file, bears the name of ours
 */
export async function makeOwnFolders(root: string): Promise<void> {
  // Each by itself: a root that is gone is not made again.
  await makeFolder(path.join(root, OWN_FOLDER));
  const own = await HeldFolder.open(root, [OWN_FOLDER]);
  try {
    for (const name of [STAGING_NAME, DISCARDED_NAME, TRASH_NAME, VERSIONS_NAME])
      await makeFolder(own.at(name));
  } finally {
    await own.close();
  }
}

async function makeFolder(place: string | Buffer): Promise<void> {
  try {
    await mkdir(place, { mode: OWN_FOLDER_MODE });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
