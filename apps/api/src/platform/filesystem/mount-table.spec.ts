import { describe, expect, it } from '@jest/globals';

import { findUnmounted, isInside, mountOf, parseMounts } from './mount-table';

describe('parseMounts', () => {
  it('should read a line, whatever the number of its optional fields', () => {
    const [plain, tagged] = parseMounts(
      '26 1 8:2 / / rw,relatime - ext4 /dev/sda2 rw\n' +
        '40 26 8:17 /films /media/films rw shared:7 master:2 - xfs /dev/sdb1 rw\n',
    );

    expect(plain).toEqual({
      device: '8:2',
      root: '/',
      mountPoint: '/',
      filesystem: 'ext4',
      source: '/dev/sda2',
    });
    expect(tagged).toMatchObject({ root: '/films', mountPoint: '/media/films', filesystem: 'xfs' });
  });

  it('should decode spaces, tabs and backslashes', () => {
    const [mount] = parseMounts(
      '40 26 8:17 / /media/My\\040Disk\\011\\134 rw - ext4 /dev/sdb1 rw\n',
    );

    expect(mount?.mountPoint).toBe('/media/My Disk\t\\');
  });

  it('should leave out what is no mount', () => {
    expect(parseMounts('\n40 26\n40 26 8:17 / /data rw\n')).toEqual([]);
  });
});

describe('mountOf', () => {
  const mounts = parseMounts(`26 1 8:2 / / rw - ext4 /dev/sda2 rw
40 26 8:17 / /media rw - xfs /dev/sdb1 rw
41 26 8:33 / /media/films rw - ext4 /dev/sdc1 rw
42 26 8:49 / /media/films rw - ext4 /dev/sdd1 rw
`);

  it.each([
    ['/srv', '/dev/sda2'],
    ['/media', '/dev/sdb1'],
    ['/media/filmsA', '/dev/sdb1'],
    ['/media/films/old', '/dev/sdd1'],
  ])('should know the mount of %s, the one on top where several are', (place, source) => {
    expect(mountOf(place, mounts)?.source).toBe(source);
  });
});

describe('isInside', () => {
  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/ab', '/a', false],
    ['/a', '/a/b', false],
    ['/a', '/', true],
  ])('should tell whether %s lies in %s', (place, folder, expected) => {
    expect(isInside(place, folder)).toBe(expected);
  });
});

describe('findUnmounted', () => {
  const fstab = `# a comment
UUID=1 / ext4 defaults 0 1
UUID=2 none swap sw 0 0
UUID=3 /media/films ext4 noauto 0 2
UUID=4 /media/My\\040Disk/ exfat nofail 0 2
`;
  const mounts = parseMounts(`26 1 8:2 / / rw - ext4 /dev/sda2 rw
41 26 8:33 / /media/films rw - ext4 /dev/sdc1 rw
`);

  it.each([
    ['/media/films', null],
    ['/media/films/old', null],
    ['/media', null],
    ['/media/My Disk', '/media/My Disk'],
    ['/media/My Disk/music', '/media/My Disk'],
  ])('should see for %s what should be mounted there and is not: %s', (place, expected) => {
    expect(findUnmounted(place, fstab, mounts)).toBe(expected);
  });
});
