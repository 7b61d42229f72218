import type { SystemMetrics } from '@homeserver/dto';

export type Disk = SystemMetrics['disks'][number];

/**
 * What people call a disk: the last part of where it is mounted; `System` for the root. Disks that would
 * bear the same name keep their whole path.
 */
export function diskName(disk: Disk, all: readonly Disk[]): string {
  const name = lastPart(disk.mountPoint);
  return all.some((other) => other !== disk && lastPart(other.mountPoint) === name)
    ? disk.mountPoint
    : name;
}

function lastPart(mountPoint: string): string {
  const parts = mountPoint.split(/[/\\]/).filter((part) => part !== '');
  return parts.at(-1) ?? 'System';
}
