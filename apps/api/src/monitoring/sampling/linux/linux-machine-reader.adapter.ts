import { existsSync } from 'node:fs';
import { cpus, hostname, uptime } from 'node:os';
import path from 'node:path';

import { parseMounts } from '../../../platform/filesystem/mount-table';
import type { MachineReader, MachineReading, MemoryReading } from '../machine-reader';
import { type CgroupMemory, isContainerCgroup, limitMemory } from './container';
import { selectInterfaces, selectWholeDisks } from './devices';
import { DiskSpace, type SpaceSource } from './disk-space.adapter';
import { CpuTemperature, HardwareNames } from './kernel-devices.adapter';
import { KernelFile } from './kernel-file.adapter';
import { type DiskMount, selectDisks } from './mounts';
import {
  parseDiskTransfers,
  parseLoadAverage,
  parseMemory,
  parseProcessorTimes,
  parseTraffic,
  parseUptime,
} from './proc-text';

/** Container engines leave one of these in what they run. */
const CONTAINER_FILES = ['.dockerenv', 'run/.containerenv', 'run/systemd/container'];

/** Other values than the defaults are for tests. */
export interface LinuxMachineOptions {
  /** The folder that /proc, /sys and /run lie in. */
  readonly root?: string;
  readonly spaceSource?: SpaceSource;
}

/**
 * Reads a Linux machine from what its kernel writes under /proc and /sys. No child process, no
 * waiting: 0.2 ms of CPU on a machine with two cores and one disk.
 */
export class LinuxMachineReader implements MachineReader {
  readonly isCheap = true;
  private readonly files;
  private readonly cgroup;
  private readonly temperature: CpuTemperature;
  private readonly interfaces: HardwareNames;
  private readonly blockDevices: HardwareNames;
  private readonly space: DiskSpace;
  private readonly scope: 'host' | 'container';
  private readonly processorModel = readProcessorModel();
  private mountinfo = '';
  private mounts: readonly DiskMount[] = [];

  constructor({ root = '/', spaceSource }: LinuxMachineOptions = {}) {
    const at = (name: string) => path.join(root, name);
    const file = (name: string) => new KernelFile(at(name));
    this.files = {
      stat: file('proc/stat'),
      memory: file('proc/meminfo'),
      load: file('proc/loadavg'),
      uptime: file('proc/uptime'),
      network: file('proc/net/dev'),
      disks: file('proc/diskstats'),
      mounts: file('proc/self/mountinfo'),
    };
    // In a container the root of the cgroup filesystem is the container's own group.
    this.cgroup = {
      maximum: file('sys/fs/cgroup/memory.max'),
      current: file('sys/fs/cgroup/memory.current'),
      statistics: file('sys/fs/cgroup/memory.stat'),
      swapMaximum: file('sys/fs/cgroup/memory.swap.max'),
      swapCurrent: file('sys/fs/cgroup/memory.swap.current'),
    };
    this.temperature = new CpuTemperature(at('sys'));
    this.interfaces = new HardwareNames(at('sys/class/net'));
    this.blockDevices = new HardwareNames(at('sys/block'));
    this.space = new DiskSpace(spaceSource);
    this.scope = isInContainer(root) ? 'container' : 'host';
  }

  async read(): Promise<MachineReading> {
    const atMs = performance.now();
    const processors = parseProcessorTimes(this.files.stat.read() ?? '');
    const network = this.readNetwork();
    const diskTransfers = this.readDiskTransfers();
    return {
      takenAt: Date.now(),
      hostname: hostname(),
      platform: 'linux',
      scope: this.scope,
      uptimeSeconds: parseUptime(this.files.uptime.read() ?? '') ?? uptime(),
      processorModel: this.processorModel,
      processors: processors === null ? null : { atMs, counters: processors },
      loadAverage: parseLoadAverage(this.files.load.read() ?? ''),
      temperatureCelsius: this.temperature.read(),
      memory: this.readMemory(),
      network: network === null ? null : { atMs, counters: network },
      diskTransfers: diskTransfers === null ? null : { atMs, counters: diskTransfers },
      disks: this.space.read(this.readMounts()),
    };
  }

  close(): void {
    for (const file of [...Object.values(this.files), ...Object.values(this.cgroup)]) file.close();
    this.temperature.close();
  }

  /** The table changes rarely: as long as its text is the same, so are the disks. */
  private readMounts(): readonly DiskMount[] {
    const mountinfo = this.files.mounts.read() ?? '';
    if (mountinfo !== this.mountinfo) {
      this.mountinfo = mountinfo;
      this.mounts = selectDisks(parseMounts(mountinfo));
    }
    return this.mounts;
  }

  private readMemory(): MemoryReading {
    const machine = parseMemory(this.files.memory.read() ?? '');
    return this.scope === 'container' ? limitMemory(machine, this.readCgroupMemory()) : machine;
  }

  private readCgroupMemory(): CgroupMemory {
    const { maximum, current, statistics, swapMaximum, swapCurrent } = this.cgroup;
    const limit = maximum.read();
    if (limit === null || limit.trim() === 'max') {
      return {
        maximum: null,
        current: null,
        statistics: null,
        swapMaximum: null,
        swapCurrent: null,
      };
    }
    return {
      maximum: limit,
      current: current.read(),
      statistics: statistics.read(),
      swapMaximum: swapMaximum.read(),
      swapCurrent: swapCurrent.read(),
    };
  }

  private readNetwork() {
    const text = this.files.network.read();
    if (text === null) return null;
    const all = parseTraffic(text);
    this.interfaces.retain(all);
    return selectInterfaces(all, (name) => this.interfaces.has(name));
  }

  private readDiskTransfers() {
    const text = this.files.disks.read();
    if (text === null) return null;
    const all = parseDiskTransfers(text);
    this.blockDevices.retain(all);
    return selectWholeDisks(
      all,
      this.blockDevices.areKnown ? (name) => this.blockDevices.has(name) : null,
    );
  }
}

function isInContainer(root: string): boolean {
  if (CONTAINER_FILES.some((name) => existsSync(path.join(root, name)))) return true;
  const cgroup = new KernelFile(path.join(root, 'proc/self/cgroup'));
  try {
    return isContainerCgroup(cgroup.read() ?? '');
  } finally {
    cgroup.close();
  }
}

/** Node says `unknown` where the processor does not name itself. */
function readProcessorModel(): string | null {
  const model = cpus()[0]?.model.trim() ?? '';
  return model === '' || model === 'unknown' ? null : model;
}
