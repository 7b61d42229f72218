import { readFile, realpath } from 'node:fs/promises';

import { MountedFolderError } from '../drives.errors';

const MOUNT_POINT_COLUMN = 4;

/**
 * Another filesystem that is mounted in a folder would go where the folder goes; and removed with it, so would be all
 * that is on it. Bind mounts of the same filesystem show in this list alone.
 * @throws MountedFolderError when something is mounted on the folder or below; only Linux tells
 */
export async function requireNothingMounted(folder: string | Buffer): Promise<void> {
  if (process.platform !== 'linux') return;
  const [place, mounts] = await Promise.all([
    realpath(folder, { encoding: 'buffer' }),
    readFile('/proc/self/mountinfo'),
  ]);
  const text = place.toString('latin1');
  const points = mounts
    .toString('latin1')
    .split('\n')
    .map((line) => unescape(line.split(' ')[MOUNT_POINT_COLUMN] ?? ''));
  if (points.some((point) => point === text || point.startsWith(`${text}/`)))
    throw new MountedFolderError();
}

/** The kernel writes spaces and such as \040. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
}
