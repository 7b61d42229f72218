import * as z from 'zod';

import { wholeNumberInQuery } from './whole-number';

const bytes = z.number().nullable();
const percent = z.number().nullable().describe('0 to 100');
const bytesPerSecond = z.number().nullable();

const systemMetricsExample = {
  timestamp: '2026-08-14T19:42:00.000Z',
  hostname: 'macmini',
  platform: 'linux',
  uptimeSeconds: 1051200,
  cpu: {
    model: 'Intel N100',
    usagePercent: 23,
    coresPercent: [31, 12, 40, 9],
    loadAverage: [0.92, 0.81, 0.77],
    temperatureCelsius: 54,
  },
  memory: {
    totalBytes: 25769803776,
    usedBytes: 10093173145,
    availableBytes: 15676630631,
    usagePercent: 39.2,
    swapTotalBytes: 0,
    swapUsedBytes: 0,
  },
  disks: [
    {
      mountPoint: '/',
      filesystem: 'ext4',
      totalBytes: 256000000000,
      usedBytes: 112000000000,
      availableBytes: 144000000000,
      usagePercent: 43.8,
    },
  ],
  network: [{ interface: 'en0', receivedBytesPerSecond: 18200000, sentBytesPerSecond: 2100000 }],
  diskIo: { readBytesPerSecond: 0, writtenBytesPerSecond: 20480 },
  scope: 'host' as const,
};

/** One sample of the machine. What the machine cannot tell is null, never 0. */
export const systemMetricsSchema = z
  .object({
    timestamp: z.iso.datetime(),
    hostname: z.string(),
    platform: z.string(),
    uptimeSeconds: z.number(),
    cpu: z.object({
      model: z.string().nullable(),
      usagePercent: percent,
      coresPercent: z.array(percent),
      loadAverage: z.array(z.number()).length(3).nullable().describe('Over 1, 5 and 15 minutes'),
      temperatureCelsius: z.number().nullable(),
    }),
    memory: z.object({
      totalBytes: bytes,
      usedBytes: bytes,
      availableBytes: bytes,
      usagePercent: percent,
      swapTotalBytes: bytes,
      swapUsedBytes: bytes,
    }),
    disks: z.array(
      z.object({
        mountPoint: z.string(),
        filesystem: z.string(),
        totalBytes: z.number(),
        usedBytes: z.number(),
        availableBytes: z.number(),
        usagePercent: z.number(),
      }),
    ),
    network: z.array(
      z.object({
        interface: z.string(),
        receivedBytesPerSecond: bytesPerSecond,
        sentBytesPerSecond: bytesPerSecond,
      }),
    ),
    diskIo: z.object({
      readBytesPerSecond: bytesPerSecond,
      writtenBytesPerSecond: bytesPerSecond,
    }),
    scope: z.enum(['host', 'container']),
  })
  .meta({ id: 'SystemMetrics', examples: [systemMetricsExample] });

const storageMetricsExample = {
  fileCount: 214,
  totalBytes: 48213000,
  drives: [
    {
      driveId: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
      name: 'Files',
      fileCount: 214,
      usedBytes: 48213000,
      freeBytes: 1220000000000,
    },
  ],
};

/** What the drives hold; the totals are those of the drives that the caller may see. */
export const storageMetricsSchema = z
  .object({
    fileCount: z.int(),
    totalBytes: z.int(),
    drives: z.array(
      z.object({
        driveId: z.uuid(),
        name: z.string(),
        fileCount: z.int(),
        usedBytes: z.int(),
        freeBytes: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'StorageMetrics', examples: [storageMetricsExample] });

/** One frame of the metrics socket. */
export const dashboardMetricsSchema = z
  .object({
    timestamp: z.iso.datetime(),
    system: systemMetricsSchema,
    storage: storageMetricsSchema
      .nullable()
      .describe('null while the database is away and nothing is known yet'),
    server: z.object({ version: z.string(), uptimeSeconds: z.number() }),
  })
  .meta({
    id: 'DashboardMetrics',
    examples: [
      {
        timestamp: systemMetricsExample.timestamp,
        system: systemMetricsExample,
        storage: storageMetricsExample,
        server: { version: '0.1.0', uptimeSeconds: 3600 },
      },
    ],
  });

export const historyMetricSchema = z.enum([
  'cpu.usagePercent',
  'cpu.corePercent',
  'cpu.temperatureCelsius',
  'memory.usedBytes',
  'memory.usagePercent',
  'network.receivedBytesPerSecond',
  'network.sentBytesPerSecond',
  'diskIo.readBytesPerSecond',
  'diskIo.writtenBytesPerSecond',
]);

export const historyQuerySchema = z.object({
  metric: z
    .union([historyMetricSchema, z.array(historyMetricSchema)])
    .optional()
    .describe('Repeat it for several; all where absent'),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  points: wholeNumberInQuery(1, 2000)
    .default(2000)
    .describe('At most so many points a series; more samples are drawn together'),
});

/** `[time, min, avg, max]`, times rising; where nothing was sampled there is no point. */
export const historyPointSchema = z.tuple([z.iso.datetime(), z.number(), z.number(), z.number()]);

export const metricsHistorySchema = z
  .object({
    intervalMs: z.int().describe('The time between two samples; a longer distance is a gap'),
    series: z.array(
      z.object({
        metric: historyMetricSchema,
        labels: z
          .record(z.string(), z.string())
          .describe('Such as { "interface": "en0" } or { "core": "0" }'),
        points: z.array(historyPointSchema),
      }),
    ),
  })
  .meta({
    id: 'MetricsHistory',
    examples: [
      {
        intervalMs: 2000,
        series: [
          {
            metric: 'cpu.usagePercent',
            labels: {},
            points: [['2026-08-14T19:42:00.000Z', 22.5, 22.5, 22.5]],
          },
        ],
      },
    ],
  });

export type SystemMetrics = z.infer<typeof systemMetricsSchema>;
export type StorageMetrics = z.infer<typeof storageMetricsSchema>;
export type DashboardMetrics = z.infer<typeof dashboardMetricsSchema>;
export type HistoryMetric = z.infer<typeof historyMetricSchema>;
export type HistoryQuery = z.infer<typeof historyQuerySchema>;
export type HistoryPoint = z.infer<typeof historyPointSchema>;
export type MetricsHistory = z.infer<typeof metricsHistorySchema>;
