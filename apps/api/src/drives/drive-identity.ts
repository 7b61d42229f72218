import * as z from 'zod';

import { isInside } from '../platform/filesystem/mount-table';

/** What tells the folder of a drive from another one that lies under the same path on another day. */
export const driveIdentitySchema = z.object({
  /** Of the filesystem, whatever is mounted where: its UUID, or the server that has it; null where none is known. */
  filesystemId: z.string().nullable(),
  filesystemType: z.string(),
  /** Where the filesystem was mounted. */
  mountPoint: z.string(),
  /** The path of the root inside its filesystem. */
  pathInside: z.string(),
  inode: z.string(),
  /** null where the filesystem keeps no time of birth. */
  birthNs: z.string().nullable(),
  totalBytes: z.number(),
});

export type DriveIdentity = z.infer<typeof driveIdentitySchema>;

/** What lies under the path of a drive, beside what lay there when it was last seen. */
export type IdentityComparison =
  | 'same'
  /** Nothing is mounted where its filesystem was: this is the folder that it was mounted on. */
  | 'unmounted'
  | 'other';

export function compareIdentities(known: DriveIdentity, found: DriveIdentity): IdentityComparison {
  if (isSameFolder(known, found)) return 'same';
  return isInside(found.mountPoint, known.mountPoint) ? 'other' : 'unmounted';
}

const SECOND_NS = 1_000_000_000n;

/**
 * Whether this is the same folder for sure, so that a marker that it lacks may be written again. Two sticks of one
 * make are alike where nothing but their size tells them apart, and so are two disks that were formatted within one
 * second: the birth of their roots has no more than that.
 */
export function isCertainlySame(known: DriveIdentity, found: DriveIdentity): boolean {
  if (!isSameFolder(known, found)) return false;
  if (known.filesystemId !== null && found.filesystemId !== null) return true;
  return known.birthNs !== null && BigInt(known.birthNs) % SECOND_NS !== 0n;
}

/** Whether nothing at all has changed. */
export function isIdentical(one: DriveIdentity | null, other: DriveIdentity): boolean {
  return (
    one !== null &&
    driveIdentitySchema.keyof().options.every((member) => one[member] === other[member])
  );
}

function isSameFolder(known: DriveIdentity, found: DriveIdentity): boolean {
  if (known.filesystemId !== null && found.filesystemId !== null)
    return known.filesystemId === found.filesystemId && known.pathInside === found.pathInside;
  if (known.filesystemType !== found.filesystemType || known.inode !== found.inode) return false;
  // FAT has one inode for all roots and no births: then the size of the disk has to do.
  return known.birthNs === null || found.birthNs === null
    ? known.totalBytes === found.totalBytes
    : known.birthNs === found.birthNs;
}
