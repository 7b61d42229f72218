import { cpus, hostname, loadavg, networkInterfaces, uptime } from 'node:os';

import {
  cpuTemperature,
  fsSize,
  fsStats,
  mem,
  networkStats,
  type Systeminformation,
} from 'systeminformation';

import { LastKnown } from './last-known';
import type {
  Counted,
  DiskReading,
  DiskTransfer,
  MachineReader,
  MachineReading,
  MemoryReading,
  ProcessorTime,
  ProcessorTimes,
  Traffic,
} from './machine-reader';

/** Each question starts programs of the system; one that has not answered by then is not waited for. */
const WAIT_MS = 1500;

/** Listing the disks takes macOS a tenth of a second in which nothing else runs. */
const DISKS_EVERY_MS = 60_000;
const TEMPERATURE_EVERY_MS = 10_000;
/** Asked sooner than after 500 ms, systeminformation repeats its last answer. */
const TRANSFERS_EVERY_MS = 500;

/** macOS's own volumes share the space of `/`. */
const SYSTEM_VOLUMES = /^\/(System\/Volumes|dev|private)(\/|$)/;

/** Interfaces of tunnels, bridges and of Apple's own services: they carry nothing of interest, or what others carry too. */
const VIRTUAL_INTERFACES =
  /^(awdl|llw|utun|bridge|vmenet|vmnet|ap\d|anpi|gif|stf|veth|docker|br-|virbr)/i;

/**
 * Reads any machine through systeminformation: for those that are not Linux. It starts programs for
 * each reading, so it reads only while somebody watches.
 */
export class SystemInformationReader implements MachineReader {
  readonly isCheap = false;
  private readonly memory = new LastKnown(mem);
  private readonly disks = new LastKnown(() => fsSize());
  private readonly temperature = new LastKnown(cpuTemperature);
  private readonly transfers = new LastKnown(async () => counted(await fsStats()));
  private readonly network = new LastKnown(async () =>
    counted(await networkStats(shownInterfaces())),
  );

  async read(): Promise<MachineReading> {
    const processors = readProcessors();
    const [memory, disks, temperature, transfers, network] = await Promise.all([
      this.memory.refresh(WAIT_MS),
      this.disks.refresh(WAIT_MS, DISKS_EVERY_MS),
      this.temperature.refresh(WAIT_MS, TEMPERATURE_EVERY_MS),
      this.transfers.refresh(WAIT_MS, TRANSFERS_EVERY_MS),
      this.network.refresh(WAIT_MS),
    ]);
    return {
      takenAt: Date.now(),
      hostname: hostname(),
      platform: process.platform,
      scope: 'host',
      uptimeSeconds: uptime(),
      processorModel: cpus()[0]?.model.trim() || null,
      processors,
      // Windows has no load average: Node says 0 for it.
      loadAverage: process.platform === 'win32' ? null : loadavg(),
      temperatureCelsius: positiveOrNull(temperature?.main),
      memory: memoryReading(memory),
      disks: diskReadings(disks ?? []),
      network:
        network === null ? null : { atMs: network.atMs, counters: traffic(network.counters) },
      diskTransfers: diskTransfers(transfers),
    };
  }

  close(): void {
    // Holds nothing open.
  }
}

/** The answer and its moment: programs take their time, and rates are as right as that is known. */
function counted<T>(counters: T): Counted<T> {
  return { atMs: performance.now(), counters };
}

function readProcessors(): Counted<ProcessorTimes> | null {
  const cores = new Map<number, ProcessorTime>();
  let busyOfAll = 0;
  let totalOfAll = 0;
  for (const [core, { times }] of cpus().entries()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    cores.set(core, { busy, total: busy + times.idle });
    busyOfAll += busy;
    totalOfAll += busy + times.idle;
  }
  return cores.size === 0 ? null : counted({ all: { busy: busyOfAll, total: totalOfAll }, cores });
}

function memoryReading(memory: Systeminformation.MemData | null): MemoryReading {
  return {
    totalBytes: memory?.total ?? null,
    usedBytes: memory === null ? null : memory.total - memory.available,
    availableBytes: memory?.available ?? null,
    swapTotalBytes: memory?.swaptotal ?? null,
    swapUsedBytes: memory?.swapused ?? null,
  };
}

/** On APFS the volumes of one disk share their free space, so what is used is what is not free. */
function diskReadings(disks: readonly Systeminformation.FsSizeData[]): DiskReading[] {
  return disks
    .filter(({ mount, size }) => size > 0 && !SYSTEM_VOLUMES.test(mount))
    .map(({ mount, type, size, available }) => ({
      mountPoint: mount,
      filesystem: type.toLowerCase(),
      totalBytes: size,
      usedBytes: size - available,
      availableBytes: available,
    }));
}

/** The names of the interfaces that have an address and are hardware by their name, separated by commas. */
function shownInterfaces(): string {
  return Object.entries(networkInterfaces())
    .filter(
      ([name, addresses]) =>
        !VIRTUAL_INTERFACES.test(name) && addresses?.some(({ internal }) => !internal),
    )
    .map(([name]) => name)
    .join(',');
}

function traffic(interfaces: readonly Systeminformation.NetworkStatsData[]): Map<string, Traffic> {
  return new Map(
    interfaces
      .filter(({ rx_bytes, tx_bytes }) => Number.isFinite(rx_bytes) && Number.isFinite(tx_bytes))
      .map(({ iface, rx_bytes, tx_bytes }) => [
        iface,
        { receivedBytes: rx_bytes, sentBytes: tx_bytes },
      ]),
  );
}

/** systeminformation gives the sum of the disks, and nothing where it cannot count. */
function diskTransfers(
  transfers: Counted<Systeminformation.FsStatsData | null> | null,
): Counted<Map<string, DiskTransfer>> | null {
  if (transfers === null || transfers.counters === null) return null;
  const { rx, wx } = transfers.counters;
  return {
    atMs: transfers.atMs,
    counters: new Map([['all', { readBytes: rx, writtenBytes: wx }]]),
  };
}

function positiveOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}
