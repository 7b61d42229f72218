import {
  dashboardMetricsSchema,
  metricsHistorySchema,
  problemSchema,
  storageMetricsSchema,
  systemMetricsSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { MetricsClient, parseFrame } from '../../test/metrics-client';
import { startTestApp, type TestApp } from '../../test/test-app';
import { DriveAccess } from '../drives';
import { DashboardService } from './dashboard.service';
import { METRICS_SOCKET_PATH } from './metrics.gateway';
import { SamplerService } from './sampler.service';

describe('monitoring', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  it('should tell of the machine when the first sample is asked for', async () => {
    const response = await fetch(`${server.url}/api/v1/monitoring/system`);

    const system = systemMetricsSchema.parse(await response.json());
    expect(response.status).toBe(200);
    expect(system.memory.totalBytes).toBeGreaterThan(0);
    expect(system.disks).toContainEqual(expect.objectContaining({ mountPoint: '/' }));
    expect(system.cpu.usagePercent).not.toBeNull();
  });

  it('should tell what the drives hold', async () => {
    const response = await fetch(`${server.url}/api/v1/monitoring/storage`);

    expect(storageMetricsSchema.parse(await response.json())).toMatchObject({
      fileCount: 0,
      totalBytes: 0,
      drives: ['Files', 'keeper'].map((name) => ({
        name,
        fileCount: 0,
        usedBytes: 0,
        freeBytes: expect.any(Number),
      })),
    });
  });

  it('should put the machine, the drives and the server together for the dashboard', async () => {
    const response = await fetch(`${server.url}/api/v1/monitoring/dashboard`);

    const dashboard = dashboardMetricsSchema.parse(await response.json());
    expect(dashboard.timestamp).toBe(dashboard.system.timestamp);
    expect(dashboard.storage?.drives).toHaveLength(2);
    expect(dashboard.server.version).toBe(server.config.version);
  });

  it('should give the samples as series when the history is asked for', async () => {
    const client = new MetricsClient(server);
    const first = parseFrame(await client.next());
    await client.next();
    await client.close();

    const response = await fetch(
      `${server.url}/api/v1/monitoring/history?metric=cpu.usagePercent&metric=memory.usedBytes`,
    );

    const history = metricsHistorySchema.parse(await response.json());
    expect(history.intervalMs).toBe(server.config.metricsIntervalMs);
    expect(history.series.map(({ metric }) => metric).sort()).toEqual([
      'cpu.usagePercent',
      'memory.usedBytes',
    ]);
    const times = history.series[0]?.points.map(([time]) => time);
    expect(times).toContain(first.timestamp);
    expect(times).toEqual([...(times ?? [])].sort());
  });

  it.each([
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '#/query/from'],
    ['from=yesterday', '#/query/from'],
    ['points=0', '#/query/points'],
    ['points=10&points=20', '#/query/points'],
    ['metric=cpu.usage', '#/query/metric'],
  ])(
    'should answer 422 with a pointer when the history is asked for by %s',
    async (query, pointer) => {
      const response = await fetch(`${server.url}/api/v1/monitoring/history?${query}`);

      expect(response.status).toBe(422);
      expect(problemSchema.parse(await response.json()).errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ pointer })]),
      );
    },
  );

  it('should describe its sockets in public when the AsyncAPI document is asked for', async () => {
    const response = await fetch(`${server.url}/docs/asyncapi.json`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      asyncapi: '3.0.0',
      channels: { metrics: { address: METRICS_SOCKET_PATH } },
    });
  });
});

describe('monitoring between two samples that are far apart', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ metricsIntervalMs: 3_600_000 });
    await fetch(`${server.url}/api/v1/monitoring/system`); // the only sample there will be
  });

  afterAll(async () => {
    await server.close();
  });

  it('should make one frame of a sample, however many ask', async () => {
    const sample = await server.app.get(SamplerService).current();
    const dashboard = server.app.get(DashboardService);

    expect(dashboard.frameOf(sample, 'anna')).toBe(dashboard.frameOf(sample, 'anna'));
    expect(dashboard.frameOf(sample, 'anna')).not.toBe(dashboard.frameOf(sample, 'bert'));
  });

  it('should not ask the drives again when their figures are young', async () => {
    await fetch(`${server.url}/api/v1/monitoring/storage`);
    const readUsage = jest.spyOn(server.app.get(DriveAccess), 'readUsage');

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => fetch(`${server.url}/api/v1/monitoring/storage`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(readUsage).not.toHaveBeenCalled();
    readUsage.mockRestore();
  });
});
