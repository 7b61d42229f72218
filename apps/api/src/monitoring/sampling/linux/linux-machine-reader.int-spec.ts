import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { toSystemMetrics } from '../system-metrics';
import type { SpaceSource } from './disk-space.adapter';
import { LinuxMachineReader } from './linux-machine-reader.adapter';

/** A machine as its kernel would write it: hardware `enp3s0` and `sda`, two virtual neighbours, a sensor. */
const MACHINE: Record<string, string> = {
  'proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 100 0 100 700 100 0 0 0 0 0\nintr 1\n',
  'proc/meminfo':
    'MemTotal: 8000 kB\nMemAvailable: 6000 kB\nSwapTotal: 1000 kB\nSwapFree: 1000 kB\n',
  'proc/loadavg': '0.92 0.81 0.77 1/2 3\n',
  'proc/uptime': '1234.56 1.00\n',
  'proc/net/dev': '  enp3s0: 100 0 0 0 0 0 0 0 50 0\n docker0: 900 0 0 0 0 0 0 0 900 0\n',
  'proc/diskstats': '8 0 sda 0 0 10 0 0 0 20 0\n8 1 sda1 0 0 10 0 0 0 20 0\n',
  'proc/self/mountinfo': '26 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
  'proc/self/cgroup': '0::/user.slice\n',
  'sys/class/net/enp3s0/device/vendor': '0x8086\n',
  'sys/block/sda/device/vendor': 'ATA\n',
  'sys/class/hwmon/hwmon0/name': 'nvme\n',
  'sys/class/hwmon/hwmon0/temp1_input': '33000\n',
  'sys/class/hwmon/hwmon1/name': 'coretemp\n',
  'sys/class/hwmon/hwmon1/temp1_input': '61000\n',
  'sys/class/hwmon/hwmon1/temp1_label': 'Core 0\n',
  'sys/class/hwmon/hwmon1/temp2_input': '54000\n',
  'sys/class/hwmon/hwmon1/temp2_label': 'Package id 0\n',
};

const SPACE = { bsize: 4096, frsize: 1024, blocks: 100, bfree: 40, bavail: 30 };
const SOURCE: SpaceSource = { askNow: () => SPACE, ask: () => new Promise(() => undefined) };

describe('LinuxMachineReader', () => {
  let root: string;
  let reader: LinuxMachineReader;

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }

  function openReader(): LinuxMachineReader {
    reader = new LinuxMachineReader({ root, spaceSource: SOURCE });
    return reader;
  }

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'homeserver-test-machine-'));
  });

  afterEach(async () => {
    reader.close();
    await rm(root, { recursive: true });
  });

  it('should read all that the machine tells', async () => {
    await write(MACHINE);

    const reading = await openReader().read();

    expect(reading).toMatchObject({
      platform: 'linux',
      scope: 'host',
      uptimeSeconds: 1234.56,
      loadAverage: [0.92, 0.81, 0.77],
      temperatureCelsius: 54,
      memory: { totalBytes: 8_192_000, availableBytes: 6_144_000 },
      disks: [{ mountPoint: '/', filesystem: 'ext4', totalBytes: 102_400 }],
    });
    expect(reading.processors?.counters.all).toEqual({ busy: 200, total: 1000 });
    expect([...(reading.network?.counters.keys() ?? [])]).toEqual(['enp3s0']);
    expect([...(reading.diskTransfers?.counters.keys() ?? [])]).toEqual(['sda']);
  });

  it('should read what is written later through the files that it holds open', async () => {
    await write(MACHINE);
    const first = await openReader().read();
    await write({
      'proc/stat': 'cpu  200 0 100 700 100 0 0 0 0 0\ncpu0 200 0 100 700 100 0 0 0 0 0\nintr 1\n',
      'proc/self/mountinfo':
        '26 1 8:1 / / rw - ext4 /dev/sda1 rw\n27 26 8:17 / /data rw - xfs /dev/sdb1 rw\n',
    });

    const second = await reader.read();

    expect(toSystemMetrics(second, first).cpu.usagePercent).toBe(100);
    expect(second.disks.map(({ mountPoint }) => mountPoint)).toEqual(['/', '/data']);
  });

  it('should read files whole when they are longer than its buffer', async () => {
    const cores = Array.from(
      { length: 2000 },
      (_, core) => `cpu${core} 1 0 1 7 1 0 0 0 0 0\n`,
    ).join('');
    await write({ ...MACHINE, 'proc/stat': `cpu  1 0 1 7 1 0 0 0 0 0\n${cores}intr 1\n` });

    const reading = await openReader().read();

    expect(reading.processors?.counters.cores.size).toBe(2000);
  });

  it('should be null in everything when the machine tells nothing', async () => {
    const reading = await openReader().read();

    expect(reading).toMatchObject({
      processors: null,
      loadAverage: null,
      temperatureCelsius: null,
      memory: { totalBytes: null, usedBytes: null },
      disks: [],
      network: null,
      diskTransfers: null,
    });
    expect(reading.uptimeSeconds).toBeGreaterThan(0);
  });

  it('should go on without waiting when a server does not answer', async () => {
    await write({
      ...MACHINE,
      'proc/self/mountinfo':
        '26 1 8:1 / / rw - ext4 /dev/sda1 rw\n27 26 0:50 / /mnt/nas rw - nfs4 nas:/x rw\n',
    });

    const readings = [await openReader().read(), await reader.read()];

    for (const { disks } of readings) {
      expect(disks.map(({ mountPoint }) => mountPoint)).toEqual(['/']);
    }
  });

  it('should go on without a temperature when the sensor goes away', async () => {
    await write(MACHINE);
    await openReader().read();
    await rm(path.join(root, 'sys/class/hwmon/hwmon1'), { recursive: true });
    await write({ 'sys/class/hwmon/hwmon1/name': 'coretemp\n' });
    reader.close();

    expect((await reader.read()).temperatureCelsius).toBeNull();
  });

  it.each(['.dockerenv', 'run/.containerenv', 'run/systemd/container'])(
    'should be in a container, within its memory limit, when there is %s',
    async (file) => {
      await write({
        ...MACHINE,
        [file]: '',
        'sys/fs/cgroup/memory.max': '4096000\n',
        'sys/fs/cgroup/memory.current': '2048000\n',
        'sys/fs/cgroup/memory.stat': 'inactive_file 1024000\n',
      });

      const { scope, memory } = await openReader().read();

      expect(scope).toBe('container');
      expect(memory).toMatchObject({ totalBytes: 4_096_000, usedBytes: 1_024_000 });
    },
  );

  it('should be in a container when its group is one', async () => {
    await write({ ...MACHINE, 'proc/self/cgroup': '0::/docker/4f5e\n' });

    expect((await openReader().read()).scope).toBe('container');
  });

  it('should leave the machine’s memory alone when it is not in a container', async () => {
    await write({ ...MACHINE, 'sys/fs/cgroup/memory.max': '4096000\n' });

    expect((await openReader().read()).memory.totalBytes).toBe(8_192_000);
  });

  it('should hold nothing open when it is closed', async () => {
    await write(MACHINE);
    await openReader().read();
    const openBefore = await readdir('/proc/self/fd');

    reader.close();

    expect((await readdir('/proc/self/fd')).length).toBeLessThan(openBefore.length);
  });
});
