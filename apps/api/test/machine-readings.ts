import type { SystemMetrics } from '@homeserver/dto';

import type { MachineReading } from '../src/monitoring/sampling/machine-reader';
import { toSystemMetrics } from '../src/monitoring/sampling/system-metrics';

const START = Date.parse('2026-08-14T19:42:00.000Z');

/** A reading of a small machine, `atMs` after the first one, in which all counters rose evenly. */
export function machineReading(atMs = 0, changes: Partial<MachineReading> = {}): MachineReading {
  const time = { busy: atMs, total: 4 * atMs };
  return {
    takenAt: START + atMs,
    hostname: 'macmini',
    platform: 'linux',
    scope: 'host',
    uptimeSeconds: 1000 + atMs / 1000,
    processorModel: 'Intel N100',
    processors: {
      atMs,
      counters: {
        all: time,
        cores: new Map([
          [0, time],
          [1, time],
        ]),
      },
    },
    loadAverage: [0.92, 0.81, 0.77],
    temperatureCelsius: 54.321,
    memory: {
      totalBytes: 8000,
      usedBytes: 2000,
      availableBytes: 6000,
      swapTotalBytes: 0,
      swapUsedBytes: 0,
    },
    disks: [
      {
        mountPoint: '/',
        filesystem: 'ext4',
        totalBytes: 1000,
        usedBytes: 400,
        availableBytes: 500,
      },
    ],
    network: { atMs, counters: new Map([['eth0', { receivedBytes: 2 * atMs, sentBytes: atMs }]]) },
    diskTransfers: {
      atMs,
      counters: new Map([['sda', { readBytes: 3 * atMs, writtenBytes: 5 * atMs }]]),
    },
    ...changes,
  };
}

/** The sample of that machine at that time, with rates. */
export function machineSample(atMs: number, changes: Partial<MachineReading> = {}): SystemMetrics {
  return toSystemMetrics(machineReading(atMs, changes), machineReading(atMs - 2000));
}
