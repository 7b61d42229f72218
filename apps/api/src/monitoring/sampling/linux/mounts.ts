import type { Mount } from '../../../platform/filesystem/mount-table';

/** A mount whose space is worth showing. */
export interface DiskMount {
  readonly mountPoint: string;
  readonly filesystem: string;
  /** Whether asking for its space cannot wait for a network, a device or another program. */
  readonly isPrompt: boolean;
}

/** Filesystems that know their space by heart. Others may have to ask: a server, a FUSE daemon, FAT its whole table. */
const PROMPT_FILESYSTEMS = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'overlay']);

const NETWORK_FILESYSTEMS =
  /^(nfs4?|cifs|smb3|smbfs|9p|virtiofs|ceph|afs|lustre|glusterfs|fuse\.(sshfs|rclone|glusterfs|s3fs|davfs2?|mergerfs|unionfs))$/;

/** Images: always full, and no place to put anything. */
const IMAGE_FILESYSTEMS = /^(squashfs|iso9660|udf|erofs|cramfs|romfs|fuse\.(squashfuse|snapfuse))$/;

/** Devices that are no disks: loops (snaps, images that lie on another disk), memory. */
const VIRTUAL_DEVICES = /^\/dev\/(loop|ram|zram)\d/;

/** Where the system and container engines mount for themselves. */
const SYSTEM_FOLDERS =
  /^\/(proc|sys|dev|etc|snap|var\/snap|var\/lib\/(docker|containers|containerd|kubelet|lxc|lxd|incus|snapd)|run(?!\/media))(\/|$)/;

/** Files that a container engine mounts from the folder where it keeps its layers as well. */
const ENGINE_FILES = ['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'];

/**
 * The mounts that are disks to a person: one for each filesystem on a device or a server, and in a
 * container `/`, whatever it is made of. Left out are memory, images, what the system mounts for
 * itself, and doubles: bind mounts and subvolumes of a filesystem that is shown already.
 */
export function selectDisks(mounts: readonly Mount[]): DiskMount[] {
  const visible = new Map<string, Mount>();
  for (const mount of mounts) visible.set(mount.mountPoint, mount); // a later mount covers an earlier one
  const behindRoot = deviceBehindOverlay(visible);
  const chosen = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!isDisk(mount) || mount.device === behindRoot) continue;
    const other = chosen.get(mount.device);
    if (other === undefined || isBetterName(mount, other)) chosen.set(mount.device, mount);
  }
  return [...chosen.values()]
    .sort((a, b) => (a.mountPoint < b.mountPoint ? -1 : 1))
    .map(({ mountPoint, filesystem }) => ({
      mountPoint,
      filesystem,
      isPrompt: PROMPT_FILESYSTEMS.has(filesystem) && !isBelowSlowMount(mountPoint, visible),
    }));
}

/**
 * In a container `/` is a stack of layers on some disk of the machine. Its own files under /etc are
 * mounted from beside those layers, so they tell which disk: its other mounts would show the same space again.
 */
function deviceBehindOverlay(visible: ReadonlyMap<string, Mount>): string | null {
  if (visible.get('/')?.filesystem !== 'overlay') return null;
  const file = ENGINE_FILES.map((path) => visible.get(path)).find(
    (mount) => mount !== undefined && mount.source.startsWith('/dev/'),
  );
  return file?.device ?? null;
}

function isDisk({ mountPoint, filesystem, source }: Mount): boolean {
  if (mountPoint === '/') return true;
  if (SYSTEM_FOLDERS.test(mountPoint) || IMAGE_FILESYSTEMS.test(filesystem)) return false;
  if (filesystem === 'zfs' || filesystem === 'bcachefs') return true;
  if (NETWORK_FILESYSTEMS.test(filesystem)) return true;
  return source.startsWith('/dev/') && source !== '/dev/fuse' && !VIRTUAL_DEVICES.test(source);
}

/** `/` before anything else, then the whole filesystem before a part of it, then the shorter name. */
function isBetterName(mount: Mount, other: Mount): boolean {
  const rank = ({ mountPoint, root }: Mount) => (mountPoint === '/' ? 0 : root === '/' ? 1 : 2);
  if (rank(mount) !== rank(other)) return rank(mount) < rank(other);
  return mount.mountPoint.length < other.mountPoint.length;
}

/** The way to a disk that is mounted inside a network folder leads over the network. */
function isBelowSlowMount(mountPoint: string, visible: ReadonlyMap<string, Mount>): boolean {
  return [...visible.values()].some(
    (mount) =>
      mount.mountPoint !== '/' &&
      mountPoint.startsWith(`${mount.mountPoint}/`) &&
      (NETWORK_FILESYSTEMS.test(mount.filesystem) || mount.filesystem.startsWith('fuse')),
  );
}
