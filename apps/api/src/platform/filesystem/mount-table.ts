/** A line of /proc/self/mountinfo; see proc_pid_mountinfo(5). */
export interface Mount {
  /** `major:minor`: the same for every mount of one filesystem, btrfs subvolumes too. */
  readonly device: string;
  /** Which folder of the filesystem is mounted: other than `/` for bind mounts and subvolumes. */
  readonly root: string;
  readonly mountPoint: string;
  readonly filesystem: string;
  readonly source: string;
}

/** What is mounted, in the order of /proc/self/mountinfo: a later mount covers an earlier one at its place. */
export function parseMounts(mountinfo: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    // The optional fields in the middle, of any number, end with a hyphen.
    const [left = '', right] = line.split(' - ', 2);
    const [, , device, root, mountPoint] = left.split(' ');
    const [filesystem, source] = (right ?? '').split(' ');
    if (device === undefined || root === undefined || mountPoint === undefined) continue;
    if (filesystem === undefined || source === undefined) continue;
    mounts.push({
      device,
      root: decodeOctal(root),
      mountPoint: decodeOctal(mountPoint),
      filesystem,
      source: decodeOctal(source),
    });
  }
  return mounts;
}

/** Spaces, tabs, newlines and backslashes stand as three octal digits. */
function decodeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The mount that a path lies on; null for one that is not absolute. */
export function mountOf(place: string, mounts: readonly Mount[]): Mount | null {
  let nearest: Mount | null = null;
  for (const mount of mounts) {
    const isAbove = isInside(place, mount.mountPoint);
    if (isAbove && mount.mountPoint.length >= (nearest?.mountPoint.length ?? 0)) nearest = mount;
  }
  return nearest;
}

/** Whether an absolute path is a folder, or lies in it. */
export function isInside(place: string, folder: string): boolean {
  return folder === '/'
    ? place.startsWith('/')
    : place === folder || place.startsWith(`${folder}/`);
}

/**
 * A disk that /etc/fstab knows, that is to be mounted above a path, and is not: what lies there is the folder that it
 * is mounted on. @returns its mount point
 */
export function findUnmounted(
  place: string,
  fstab: string,
  mounts: readonly Mount[],
): string | null {
  for (const line of fstab.split('\n')) {
    const [source = '', mountPoint = ''] = line.trim().split(/\s+/).map(decodeOctal);
    if (source.startsWith('#') || !mountPoint.startsWith('/') || mountPoint === '/') continue;
    const point = mountPoint.replace(/\/+$/, '');
    const isMounted = mounts.some((mount) => mount.mountPoint === point);
    if (isInside(place, point) && !isMounted) return point;
  }
  return null;
}
