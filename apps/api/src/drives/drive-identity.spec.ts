import { describe, expect, it } from '@jest/globals';

import {
  compareIdentities,
  type DriveIdentity,
  isCertainlySame,
  isIdentical,
} from './drive-identity';

const DISK: DriveIdentity = {
  filesystemId: 'c0ffee',
  filesystemType: 'ext4',
  mountPoint: '/mnt/disk',
  pathInside: '/films',
  inode: '12',
  birthNs: '1000',
  totalBytes: 5000,
};
const NAMELESS: DriveIdentity = { ...DISK, filesystemId: null };
const FAT: DriveIdentity = { ...NAMELESS, filesystemType: 'vfat', inode: '1', birthNs: null };

describe('compareIdentities', () => {
  it.each<[string, DriveIdentity, Partial<DriveIdentity>]>([
    ['nothing has changed', DISK, {}],
    ['its disk is mounted elsewhere', DISK, { mountPoint: '/media/disk' }],
    ['the folder was made anew on the same disk', DISK, { inode: '77', birthNs: '2000' }],
    ['nothing tells the disk but the folder', NAMELESS, {}],
    ['the UUID is not known any more', DISK, { filesystemId: null }],
    ['it is FAT, of the same size', FAT, {}],
  ])('should know the folder again when %s', (_when, known, change) => {
    expect(compareIdentities(known, { ...known, ...change })).toBe('same');
  });

  it.each<[string, DriveIdentity, Partial<DriveIdentity>]>([
    ['the disk has another UUID', DISK, { filesystemId: 'decade' }],
    ['the folder is another one', NAMELESS, { birthNs: '2000' }],
    ['the filesystem is of another type', NAMELESS, { filesystemType: 'xfs' }],
    ['it is FAT of another size', FAT, { totalBytes: 6000 }],
    ['a disk is mounted over it', DISK, { filesystemId: 'decade', mountPoint: '/mnt/disk/films' }],
  ])('should take it for another one when %s', (_when, known, change) => {
    expect(compareIdentities(known, { ...known, ...change })).toBe('other');
  });

  it.each<[string, DriveIdentity, Partial<DriveIdentity>]>([
    ['its disk', DISK, { filesystemId: 'system', mountPoint: '/', pathInside: '/mnt/disk/films' }],
    ['what was bound there', DISK, { mountPoint: '/', pathInside: '/mnt/disk/films' }],
    ['a disk without UUID', NAMELESS, { inode: '9', mountPoint: '/' }],
  ])('should see that %s is not mounted', (_what, known, change) => {
    expect(compareIdentities(known, { ...known, ...change })).toBe('unmounted');
  });
});

describe('isCertainlySame', () => {
  it.each<[boolean, string, DriveIdentity]>([
    [true, 'its disk has a UUID', DISK],
    [true, 'its folder was born within a second', { ...NAMELESS, birthNs: '1795793569000000001' }],
    [false, 'disks can be as old, to the second', { ...NAMELESS, birthNs: '1795793569000000000' }],
    [false, 'nothing but the size tells it from others', FAT],
  ])('should be %s when %s', (expected, _when, disk) => {
    expect(isCertainlySame(disk, { ...disk })).toBe(expected);
  });

  it('should be false of another folder', () => {
    expect(isCertainlySame(DISK, { ...DISK, filesystemId: 'decade' })).toBe(false);
  });
});

describe('isIdentical', () => {
  it('should not mind the order of members, which the database changes', () => {
    const { totalBytes, ...rest } = DISK;

    expect(isIdentical({ totalBytes, ...rest }, DISK)).toBe(true);
    expect(isIdentical({ ...DISK, totalBytes: 1 }, DISK)).toBe(false);
    expect(isIdentical(null, DISK)).toBe(false);
  });
});
