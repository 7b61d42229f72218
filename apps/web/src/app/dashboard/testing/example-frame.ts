import type { DashboardMetrics } from '@homeserver/dto';

export interface FrameValues {
  readonly timestamp?: string;
  readonly cpuPercent?: number | null;
  readonly memoryPercent?: number | null;
  readonly disks?: DashboardMetrics['system']['disks'];
  readonly temperatureCelsius?: number | null;
  readonly storage?: DashboardMetrics['storage'];
}

export function exampleDisk(
  mountPoint: string,
  usagePercent: number,
): DashboardMetrics['system']['disks'][number] {
  const totalBytes = 1e12;
  const usedBytes = (totalBytes * usagePercent) / 100;
  return {
    mountPoint,
    filesystem: 'ext4',
    totalBytes,
    usedBytes,
    availableBytes: totalBytes - usedBytes,
    usagePercent,
  };
}

/** A frame of a machine that is well, but for what a test says. */
export function exampleFrame(values: FrameValues = {}): DashboardMetrics {
  const timestamp = values.timestamp ?? '2026-08-14T12:00:00.000Z';
  const { cpuPercent = 23, memoryPercent = 39, temperatureCelsius = null, storage = null } = values;
  return {
    timestamp,
    system: {
      timestamp,
      hostname: 'macmini',
      platform: 'linux',
      uptimeSeconds: 1_051_200,
      cpu: {
        model: 'Intel N100',
        usagePercent: cpuPercent,
        coresPercent: [31, 12, null, 9],
        loadAverage: [0.92, 0.81, 0.77],
        temperatureCelsius,
      },
      memory: {
        totalBytes: 24 * 1024 ** 3,
        usedBytes: 9.4 * 1024 ** 3,
        availableBytes: 14.6 * 1024 ** 3,
        usagePercent: memoryPercent,
        swapTotalBytes: 0,
        swapUsedBytes: 0,
      },
      disks: values.disks ?? [exampleDisk('/', 44)],
      network: [
        { interface: 'en0', receivedBytesPerSecond: 18_200_000, sentBytesPerSecond: 2_100_000 },
      ],
      diskIo: { readBytesPerSecond: 0, writtenBytesPerSecond: 20_480 },
      scope: 'host',
    },
    storage,
    server: { version: '0.1.0', uptimeSeconds: 3600 },
  };
}
