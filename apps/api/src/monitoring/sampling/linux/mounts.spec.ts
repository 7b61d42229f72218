import { describe, expect, it } from '@jest/globals';

import { parseMounts } from '../../../platform/filesystem/mount-table';
import { selectDisks } from './mounts';

function shown(mountinfo: string): string[] {
  return selectDisks(parseMounts(mountinfo)).map(({ mountPoint }) => mountPoint);
}

describe('selectDisks', () => {
  it('should show disks and servers, and nothing that is memory, image or the system’s own', () => {
    const mountinfo = `26 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw
21 26 0:20 / /proc rw - proc proc rw
23 26 0:6 / /dev rw - devtmpfs devtmpfs rw
24 23 0:22 / /dev/shm rw - tmpfs tmpfs rw
27 26 0:24 / /run rw - tmpfs tmpfs rw
28 26 7:1 / /snap/core22/1 ro - squashfs /dev/loop1 ro
29 26 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw
30 26 8:1 / /run/media/anna/Backup rw - exfat /dev/sda1 rw
31 26 0:50 / /mnt/nas rw - nfs4 nas.lan:/volume1 rw
32 26 0:51 / /tank/media rw - zfs tank/media rw
33 26 0:52 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw
34 26 0:53 / /run/user/1000/doc rw - fuse.portal portal rw
35 26 11:0 / /media/cdrom ro - iso9660 /dev/sr0 ro
36 26 7:9 / /mnt/image rw - ext4 /dev/loop9 rw
37 26 0:60 / /home/anna/Cloud rw - fuse.rclone cloud: rw
38 26 0:61 / /misc rw - autofs systemd-1 rw
`;

    expect(shown(mountinfo)).toEqual([
      '/',
      '/boot/efi',
      '/home/anna/Cloud',
      '/mnt/nas',
      '/run/media/anna/Backup',
      '/tank/media',
    ]);
  });

  it('should show a filesystem once when it is mounted several times', () => {
    const mountinfo = `26 1 8:2 / / rw - ext4 /dev/sda2 rw
40 26 8:17 /films /srv rw - ext4 /dev/sdb1 rw
41 26 8:17 / /media/archive rw - ext4 /dev/sdb1 rw
42 26 8:2 /var/lib/x /x rw - ext4 /dev/sda2 rw
`;

    expect(shown(mountinfo)).toEqual(['/', '/media/archive']);
  });

  it('should show a btrfs once, as the root, when its subvolumes are mounted', () => {
    const mountinfo = `26 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@
41 26 0:30 / /mnt/pool rw - btrfs /dev/sda2 rw,subvol=/
42 26 0:30 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home
`;

    expect(shown(mountinfo)).toEqual(['/']);
  });

  it('should show / and the volumes of other disks when in a container', () => {
    const mountinfo = `600 500 0:77 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/a/diff
601 600 0:80 / /proc rw - proc proc rw
610 600 8:2 /var/lib/docker/containers/a/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda2 rw
611 600 8:2 /var/lib/docker/containers/a/hosts /etc/hosts rw - ext4 /dev/sda2 rw
612 600 8:2 /var/lib/docker/volumes/data/_data /data rw - ext4 /dev/sda2 rw
613 600 8:17 /films /films rw - xfs /dev/sdb1 rw
`;

    expect(shown(mountinfo)).toEqual(['/', '/films']);
  });

  it('should show the later filesystem when one mount covers another', () => {
    const disks = selectDisks(
      parseMounts(`26 1 8:2 / / rw - ext4 /dev/sda2 rw
40 26 8:17 / /data rw - ext4 /dev/sdb1 rw
41 26 8:33 / /data rw - xfs /dev/sdc1 rw
`),
    );

    expect(disks).toContainEqual({ mountPoint: '/data', filesystem: 'xfs', isPrompt: true });
    expect(disks).toHaveLength(2);
  });

  it('should ask at once only what cannot wait: not FAT, not servers, not what lies inside of their folders', () => {
    const disks = selectDisks(
      parseMounts(`26 1 8:2 / / rw - ext4 /dev/sda2 rw
29 26 8:1 / /boot/efi rw - vfat /dev/sda1 rw
31 26 0:50 / /mnt/nas rw - nfs4 nas.lan:/volume1 rw
32 31 8:17 / /mnt/nas/disk rw - ext4 /dev/sdb1 rw
33 26 8:33 / /mnt/nas2 rw - ext4 /dev/sdc1 rw
`),
    );

    expect(disks.filter(({ isPrompt }) => isPrompt).map(({ mountPoint }) => mountPoint)).toEqual([
      '/',
      '/mnt/nas2',
    ]);
  });
});
