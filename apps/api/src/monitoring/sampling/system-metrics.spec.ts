import { systemMetricsSchema } from '@homeserver/dto';
import { describe, expect, it } from '@jest/globals';

import { machineReading } from '../../../test/machine-readings';
import { toSystemMetrics } from './system-metrics';

const NOTHING = {
  processorModel: null,
  processors: null,
  loadAverage: null,
  temperatureCelsius: null,
  memory: {
    totalBytes: null,
    usedBytes: null,
    availableBytes: null,
    swapTotalBytes: null,
    swapUsedBytes: null,
  },
  disks: [],
  network: null,
  diskTransfers: null,
};

/** Counters of one interface. */
function traffic(atMs: number, receivedBytes: number, sentBytes: number) {
  return { atMs, counters: new Map([['eth0', { receivedBytes, sentBytes }]]) };
}

/** Time of the processors, all of it spent by the cores named. */
function processors(busy: number, total: number, ...cores: number[]) {
  const time = { busy, total };
  return { atMs: 0, counters: { all: time, cores: new Map(cores.map((core) => [core, time])) } };
}

describe('toSystemMetrics', () => {
  it('should give means over the time between two readings', () => {
    const metrics = toSystemMetrics(machineReading(3000), machineReading(1000));

    expect(systemMetricsSchema.parse(metrics)).toEqual(metrics);
    expect(metrics).toMatchObject({
      timestamp: '2026-08-14T19:42:03.000Z',
      uptimeSeconds: 1003,
      cpu: { usagePercent: 25, coresPercent: [25, 25], temperatureCelsius: 54.3 },
      memory: { usagePercent: 25 },
      network: [{ interface: 'eth0', receivedBytesPerSecond: 2000, sentBytesPerSecond: 1000 }],
      diskIo: { readBytesPerSecond: 3000, writtenBytesPerSecond: 5000 },
    });
  });

  it('should count a disk’s percentage without what is kept for root', () => {
    expect(toSystemMetrics(machineReading(), null).disks[0]?.usagePercent).toBe(44.4);
  });

  it('should have no rates when there is one reading only', () => {
    const metrics = toSystemMetrics(machineReading(3000), null);

    expect(systemMetricsSchema.parse(metrics)).toEqual(metrics);
    expect(metrics).toMatchObject({
      cpu: { usagePercent: null, coresPercent: [null, null] },
      network: [{ interface: 'eth0', receivedBytesPerSecond: null, sentBytesPerSecond: null }],
      diskIo: { readBytesPerSecond: null, writtenBytesPerSecond: null },
    });
  });

  it('should be null, and not 0, in everything that the machine cannot tell', () => {
    const metrics = toSystemMetrics(machineReading(3000, NOTHING), machineReading(1000, NOTHING));

    expect(systemMetricsSchema.parse(metrics)).toEqual(metrics);
    expect(metrics).toMatchObject({
      cpu: {
        model: null,
        usagePercent: null,
        coresPercent: [],
        loadAverage: null,
        temperatureCelsius: null,
      },
      memory: { totalBytes: null, usedBytes: null, usagePercent: null, swapTotalBytes: null },
      disks: [],
      network: [],
      diskIo: { readBytesPerSecond: null, writtenBytesPerSecond: null },
    });
  });

  it('should be null, and not negative, when a counter wrapped or began anew', () => {
    const current = machineReading(3000, { network: traffic(3000, 10, 5000) });
    const previous = machineReading(1000, { network: traffic(1000, 4_294_967_295, 1000) });

    expect(toSystemMetrics(current, previous).network).toEqual([
      { interface: 'eth0', receivedBytesPerSecond: null, sentBytesPerSecond: 2000 },
    ]);
  });

  it('should have no rate of an interface when it has just come', () => {
    const previous = machineReading(1000, { network: { atMs: 1000, counters: new Map() } });

    expect(toSystemMetrics(machineReading(3000), previous).network).toEqual([
      { interface: 'eth0', receivedBytesPerSecond: null, sentBytesPerSecond: null },
    ]);
  });

  it('should have no rate when the counters are those of the reading before', () => {
    const network = traffic(1000, 10, 10);
    const current = machineReading(3000, { network });

    expect(toSystemMetrics(current, machineReading(1000, { network })).network).toEqual([
      { interface: 'eth0', receivedBytesPerSecond: null, sentBytesPerSecond: null },
    ]);
  });

  it('should add up the disks that were there all the time', () => {
    const disk = (readBytes: number) => ({ readBytes, writtenBytes: 0 });
    const current = machineReading(2000, {
      diskTransfers: {
        atMs: 2000,
        counters: new Map([
          ['sda', disk(500)],
          ['sdb', disk(300)],
          ['sdc', disk(9_000_000)],
          ['sdd', disk(1)],
        ]),
      },
    });
    const previous = machineReading(1000, {
      diskTransfers: {
        atMs: 1000,
        counters: new Map([
          ['sda', disk(100)],
          ['sdb', disk(200)],
          ['sdd', disk(7_000_000)],
        ]),
      },
    });

    expect(toSystemMetrics(current, previous).diskIo.readBytesPerSecond).toBe(500);
  });

  it('should keep the numbers of the cores when one is switched off', () => {
    const current = machineReading(0, { processors: processors(50, 200, 0, 2) });
    const previous = machineReading(0, { processors: processors(0, 100, 0, 1, 2) });

    expect(toSystemMetrics(current, previous).cpu.coresPercent).toEqual([50, null, 50]);
  });

  it.each([
    ['nothing passed', processors(50, 100), processors(50, 100), null],
    ['the counters began anew', processors(10, 20), processors(50, 100), null],
    ['the busy time fell', processors(40, 200), processors(50, 100), null],
    ['the idle time fell', processors(150, 190), processors(50, 100), 100],
  ])('should not leave 0 to 100 percent when %s', (_case, now, before, expected) => {
    const current = machineReading(0, { processors: now });
    const previous = machineReading(0, { processors: before });

    expect(toSystemMetrics(current, previous).cpu.usagePercent).toBe(expected);
  });
});
