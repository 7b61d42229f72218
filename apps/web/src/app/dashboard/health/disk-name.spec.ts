import { exampleDisk } from '../testing/example-frame';
import { diskName } from './disk-name';

describe('diskName', () => {
  it.each([
    ['/', 'System'],
    ['/mnt/Media', 'Media'],
    ['/Volumes/allDaStuffs/', 'allDaStuffs'],
    ['C:\\', 'C:'],
  ])('should be what people call the disk at %s', (mountPoint, name) => {
    const disk = exampleDisk(mountPoint, 10);

    expect(diskName(disk, [disk])).toBe(name);
  });

  it('should be the whole path when two disks would bear the same name', () => {
    const disks = [exampleDisk('/mnt/a/backup', 10), exampleDisk('/mnt/b/backup', 10)];

    expect(disks.map((disk) => diskName(disk, disks))).toEqual(['/mnt/a/backup', '/mnt/b/backup']);
  });
});
