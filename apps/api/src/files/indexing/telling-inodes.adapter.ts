import { statfsSync } from 'node:fs';

/**
 * Filesystems of Linux whose inodes, with their birth times, tell one file from another: ext2 to 4, XFS, Btrfs, ZFS,
 * F2FS, bcachefs, tmpfs, overlayfs. Those of FAT, FUSE, SMB and NFS do not.
 */
const WITH_INODES = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x01021994, 0x794c7630,
]);

/** Whether an inode of the filesystem below a path, with its birth time, tells a file from all others. */
export function hasTellingInodes(place: string): boolean {
  return process.platform !== 'linux' || WITH_INODES.has(statfsSync(place).type);
}
