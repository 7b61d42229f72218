import type {
  DiskTransfer,
  MemoryReading,
  ProcessorTime,
  ProcessorTimes,
  Traffic,
} from '../machine-reader';

/** /proc/diskstats counts in these, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512;

/** Columns of /proc/diskstats; see iostats in the kernel's documentation. */
const DISK_COLUMN = { name: 2, sectorsRead: 5, sectorsWritten: 9 } as const;

/** Columns of /proc/net/dev after the interface's name. */
const NETWORK_COLUMN = { receivedBytes: 0, sentBytes: 8 } as const;

/**
 * The `cpu` lines of /proc/stat, in ticks; null where there is no such line.
 * See proc_stat(5): user includes guest and nice includes guest_nice, so these two are not added again.
 */
export function parseProcessorTimes(stat: string): ProcessorTimes | null {
  let all: ProcessorTime | null = null;
  const cores = new Map<number, ProcessorTime>();
  for (const line of stat.split('\n')) {
    // The lines stand first; what follows them, the interrupts, is long.
    if (!line.startsWith('cpu')) break;
    const [name = '', ...columns] = line.trim().split(/\s+/);
    const time = processorTime(columns);
    if (time === null) continue;
    if (name === 'cpu') all = time;
    else cores.set(Number(name.slice('cpu'.length)), time);
  }
  return all === null ? null : { all, cores };
}

function processorTime(columns: readonly string[]): ProcessorTime | null {
  // Kernels before 2.6.11 have fewer columns; what is missing was not counted.
  const [user, nice, system, idle, ioWait = 0, interrupt = 0, softInterrupt = 0, steal = 0] =
    columns.map(Number);
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) {
    return null;
  }
  const busy = user + nice + system + interrupt + softInterrupt + steal;
  const total = busy + idle + ioWait;
  return Number.isFinite(total) ? { busy, total } : null;
}

/** /proc/meminfo. Used is what is not available: the page cache is no load. */
export function parseMemory(meminfo: string): MemoryReading {
  const totalBytes = memoryValue(meminfo, 'MemTotal');
  const availableBytes = memoryValue(meminfo, 'MemAvailable');
  const swapTotalBytes = memoryValue(meminfo, 'SwapTotal');
  const swapFreeBytes = memoryValue(meminfo, 'SwapFree');
  return {
    totalBytes,
    usedBytes: difference(totalBytes, availableBytes),
    availableBytes,
    swapTotalBytes,
    swapUsedBytes: difference(swapTotalBytes, swapFreeBytes),
  };
}

function memoryValue(meminfo: string, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo);
  return match?.[1] === undefined ? null : Number(match[1]) * 1024;
}

function difference(total: number | null, rest: number | null): number | null {
  return total === null || rest === null ? null : Math.max(0, total - rest);
}

/** /proc/loadavg. */
export function parseLoadAverage(loadavg: string): number[] | null {
  const values = loadavg.trim().split(/\s+/).slice(0, 3).map(Number.parseFloat);
  return values.length === 3 && values.every(Number.isFinite) ? values : null;
}

/** /proc/uptime, in seconds. */
export function parseUptime(uptime: string): number | null {
  const seconds = Number.parseFloat(uptime);
  return Number.isFinite(seconds) ? seconds : null;
}

/**
 * /proc/net/dev, without the loopback. A name may hold colons (an alias such as `eth0:1`), and old
 * kernels put no space behind the last one.
 */
export function parseTraffic(netDev: string): Map<string, Traffic> {
  const interfaces = new Map<string, Traffic>();
  for (const line of netDev.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon < 0) continue; // the two lines of headings
    const name = line.slice(0, colon).trim();
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const receivedBytes = columns[NETWORK_COLUMN.receivedBytes];
    const sentBytes = columns[NETWORK_COLUMN.sentBytes];
    if (name === 'lo' || !isCount(receivedBytes) || !isCount(sentBytes)) continue;
    interfaces.set(name, { receivedBytes, sentBytes });
  }
  return interfaces;
}

/** /proc/diskstats: every block device, partitions and virtual ones too. */
export function parseDiskTransfers(diskstats: string): Map<string, DiskTransfer> {
  const disks = new Map<string, DiskTransfer>();
  for (const line of diskstats.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const name = columns[DISK_COLUMN.name];
    const sectorsRead = Number(columns[DISK_COLUMN.sectorsRead]);
    const sectorsWritten = Number(columns[DISK_COLUMN.sectorsWritten]);
    if (name === undefined || !isCount(sectorsRead) || !isCount(sectorsWritten)) continue;
    disks.set(name, {
      readBytes: sectorsRead * SECTOR_BYTES,
      writtenBytes: sectorsWritten * SECTOR_BYTES,
    });
  }
  return disks;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
