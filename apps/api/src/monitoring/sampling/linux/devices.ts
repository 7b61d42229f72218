import type { DiskTransfer, Traffic } from '../machine-reader';

/** Names of interfaces that carry what others carry too, or nothing: of containers, bridges, tunnels, the kernel's own. */
const VIRTUAL_INTERFACES =
  /^(veth|docker|br-|virbr|cni|flannel|cali|cilium|lxc|lxd|incus|podman|vnet|tap|ifb|dummy|sit|ip6tnl|tunl|ip_vti|ip6_vti|gre|gretap|ip6gre|erspan|nlmon|teql)/;

/** Whole disks by name, for where /sys does not tell. */
const WHOLE_DISKS = /^(sd[a-z]+|hd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** One path of a disk that has several; the disk itself counts its bytes again. */
const DISK_PATHS = /^nvme\d+c\d+n\d+$/;

/**
 * The interfaces worth showing: those that are hardware, since what passes a bridge, a bond, a VLAN
 * or a tunnel passes one of them as well. Where none is (in a container) all that do not look
 * virtual. An interface that never carried a byte is left out, unless all are like that.
 */
export function selectInterfaces(
  all: ReadonlyMap<string, Traffic>,
  isHardware: (name: string) => boolean,
): Map<string, Traffic> {
  const entries = [...all];
  const hardware = entries.filter(([name]) => isHardware(name));
  const named = entries.filter(([name]) => !VIRTUAL_INTERFACES.test(name));
  const candidates = [hardware, named, entries].find((list) => list.length > 0) ?? [];
  const used = candidates.filter(
    ([, { receivedBytes, sentBytes }]) => receivedBytes + sentBytes > 0,
  );
  return new Map(used.length > 0 ? used : candidates);
}

/**
 * The physical disks, whole: partitions, device mapper, RAID and loop devices move the same bytes
 * through them once more.
 * @param isHardware null where the system does not tell; the names decide then
 */
export function selectWholeDisks(
  all: ReadonlyMap<string, DiskTransfer>,
  isHardware: ((name: string) => boolean) | null,
): Map<string, DiskTransfer> {
  const isWholeDisk = isHardware ?? ((name: string) => WHOLE_DISKS.test(name));
  return new Map([...all].filter(([name]) => isWholeDisk(name) && !DISK_PATHS.test(name)));
}
