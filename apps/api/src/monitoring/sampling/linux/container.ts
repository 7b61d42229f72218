import type { MemoryReading } from '../machine-reader';

/** What container engines leave in a process's cgroup path; see cgroups(7). */
const CONTAINER_CGROUPS =
  /\/(docker[-/]|kubepods|libpod|lxc[./]|lxc\.payload|crio-|machine\.slice\/)|\/cri-containerd[-:]/;

/** Whether /proc/self/cgroup is that of a process in a container. */
export function isContainerCgroup(cgroup: string): boolean {
  return CONTAINER_CGROUPS.test(cgroup);
}

/** The files of cgroup v2 that limit and count memory, as text; null where one is missing. */
export interface CgroupMemory {
  /** `memory.max`: bytes, or `max`. */
  readonly maximum: string | null;
  /** `memory.current`: bytes, the page cache included. */
  readonly current: string | null;
  /** `memory.stat`. */
  readonly statistics: string | null;
  /** `memory.swap.max`: bytes, or `max`. */
  readonly swapMaximum: string | null;
  /** `memory.swap.current`: bytes. */
  readonly swapCurrent: string | null;
}

/**
 * Memory as a container with a limit has it: the limit is the total, and what the kernel can drop
 * of the page cache is not used. Without a limit below the machine's memory the machine's figures hold.
 */
export function limitMemory(machine: MemoryReading, cgroup: CgroupMemory): MemoryReading {
  const limit = parseBytes(cgroup.maximum);
  const current = parseBytes(cgroup.current);
  if (limit === null || (machine.totalBytes !== null && limit >= machine.totalBytes))
    return machine;
  const usedBytes =
    current === null ? null : Math.max(0, current - inactiveFileBytes(cgroup.statistics));
  const restBytes = usedBytes === null ? null : Math.max(0, limit - usedBytes);
  return {
    totalBytes: limit,
    usedBytes,
    // The machine may have less left than the container is allowed.
    availableBytes: smaller(restBytes, machine.availableBytes),
    swapTotalBytes: smaller(machine.swapTotalBytes, parseBytes(cgroup.swapMaximum)),
    swapUsedBytes: parseBytes(cgroup.swapCurrent) ?? machine.swapUsedBytes,
  };
}

function inactiveFileBytes(statistics: string | null): number {
  return Number(/^inactive_file (\d+)$/m.exec(statistics ?? '')?.[1] ?? 0);
}

/** Bytes; null for `max`, and for what is missing. */
function parseBytes(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}

function smaller(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.min(first, second);
}
