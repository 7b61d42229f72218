import type { SystemMetrics } from '@homeserver/dto';

import type {
  Counted,
  DiskReading,
  MachineReading,
  MemoryReading,
  ProcessorTime,
} from './machine-reader';

/**
 * What a reading says, as the contract shows it. Rates are the mean since the previous reading: null
 * without one, for what was not there then, and when a counter fell, because it wrapped or began anew.
 */
export function toSystemMetrics(
  current: MachineReading,
  previous: MachineReading | null,
): SystemMetrics {
  const before = previous?.processors?.counters ?? null;
  return {
    timestamp: new Date(current.takenAt).toISOString(),
    hostname: current.hostname,
    platform: current.platform,
    uptimeSeconds: Math.floor(current.uptimeSeconds),
    cpu: {
      model: current.processorModel,
      usagePercent: busyPercent(current.processors?.counters.all, before?.all),
      coresPercent: coresPercent(current, previous),
      loadAverage: current.loadAverage === null ? null : [...current.loadAverage],
      temperatureCelsius:
        current.temperatureCelsius === null ? null : roundToTenth(current.temperatureCelsius),
    },
    memory: memoryMetrics(current.memory),
    disks: current.disks.map(diskMetrics),
    network: networkRates(current, previous),
    diskIo: diskRates(current, previous),
    scope: current.scope,
  };
}

/** One value for each number up to the highest core; null for a core that is switched off. */
function coresPercent(current: MachineReading, previous: MachineReading | null): (number | null)[] {
  const cores = current.processors?.counters.cores ?? new Map<number, ProcessorTime>();
  const before = previous?.processors?.counters.cores;
  const count = Math.max(-1, ...cores.keys()) + 1;
  return Array.from({ length: count }, (_, core) =>
    busyPercent(cores.get(core), before?.get(core)),
  );
}

function busyPercent(
  current: ProcessorTime | undefined,
  previous: ProcessorTime | undefined,
): number | null {
  if (current === undefined || previous === undefined) return null;
  const total = current.total - previous.total;
  const busy = current.busy - previous.busy;
  if (total <= 0 || busy < 0) return null;
  // The kernel's count of waiting for disks may fall a little, and then busy exceeds the total.
  return roundToTenth(Math.min(100, (100 * busy) / total));
}

function memoryMetrics(memory: MemoryReading): SystemMetrics['memory'] {
  const { totalBytes, usedBytes } = memory;
  const isKnown = totalBytes !== null && totalBytes > 0 && usedBytes !== null;
  return {
    totalBytes,
    usedBytes,
    availableBytes: memory.availableBytes,
    usagePercent: isKnown ? roundToTenth((100 * usedBytes) / totalBytes) : null,
    swapTotalBytes: memory.swapTotalBytes,
    swapUsedBytes: memory.swapUsedBytes,
  };
}

/** The percentage is that of `df`: of the space that is not kept for root. */
function diskMetrics(disk: DiskReading): SystemMetrics['disks'][number] {
  const { usedBytes, availableBytes } = disk;
  const reachable = usedBytes + availableBytes;
  return {
    mountPoint: disk.mountPoint,
    filesystem: disk.filesystem,
    totalBytes: disk.totalBytes,
    usedBytes,
    availableBytes,
    usagePercent: reachable > 0 ? roundToTenth((100 * usedBytes) / reachable) : 0,
  };
}

function networkRates(
  current: MachineReading,
  previous: MachineReading | null,
): SystemMetrics['network'] {
  const counters = current.network?.counters ?? new Map<string, never>();
  const seconds = secondsBetween(current.network, previous?.network);
  return [...counters].map(([name, traffic]) => {
    const before = previous?.network?.counters.get(name);
    return {
      interface: name,
      receivedBytesPerSecond: rate(traffic.receivedBytes, before?.receivedBytes, seconds),
      sentBytesPerSecond: rate(traffic.sentBytes, before?.sentBytes, seconds),
    };
  });
}

/** The sum of the disks that were there all the time. */
function diskRates(
  current: MachineReading,
  previous: MachineReading | null,
): SystemMetrics['diskIo'] {
  const seconds = secondsBetween(current.diskTransfers, previous?.diskTransfers);
  let readBytesPerSecond: number | null = null;
  let writtenBytesPerSecond: number | null = null;
  for (const [name, transfer] of current.diskTransfers?.counters ?? []) {
    const before = previous?.diskTransfers?.counters.get(name);
    const read = rate(transfer.readBytes, before?.readBytes, seconds);
    const written = rate(transfer.writtenBytes, before?.writtenBytes, seconds);
    if (read !== null) readBytesPerSecond = (readBytesPerSecond ?? 0) + read;
    if (written !== null) writtenBytesPerSecond = (writtenBytesPerSecond ?? 0) + written;
  }
  return { readBytesPerSecond, writtenBytesPerSecond };
}

function secondsBetween(
  current: Counted<unknown> | null,
  previous: Counted<unknown> | null | undefined,
): number {
  if (current === null || previous === null || previous === undefined) return 0;
  return (current.atMs - previous.atMs) / 1000;
}

function rate(current: number, previous: number | undefined, seconds: number): number | null {
  if (previous === undefined || current < previous || seconds <= 0) return null;
  return Math.round((current - previous) / seconds);
}

function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
