import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import {
  dashboardMetricsSchema,
  metricsHistorySchema,
  problemSchema,
  storageMetricsSchema,
  systemMetricsSchema,
} from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';

import { DatabaseProxy } from '../../test/database-proxy';
import { startTestApp, type TestApp } from '../../test/test-app';
import { createTestDatabase, type TestDatabase } from '../../test/test-database';
import { DrivesService } from '../drives';
import { METRICS_SOCKET_PATH, MetricsGateway } from './metrics.gateway';

/** A client of the metrics socket that keeps its frames until they are asked for. */
class MetricsClient {
  private readonly frames: Buffer[] = [];
  private readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(server: TestApp) {
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}${METRICS_SOCKET_PATH}`);
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(data);
      this.socket.emit('frame');
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  async next(): Promise<Buffer> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame !== undefined) return frame;
      await once(this.socket, 'frame');
    }
  }

  async say(text: string): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    this.socket.send(text);
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}

function parse(frame: Buffer) {
  return dashboardMetricsSchema.parse(JSON.parse(frame.toString()));
}

/** What the server answers instead of 101. */
async function refusalOf(server: TestApp, headers: Record<string, string>) {
  const url = `${server.url.replace('http', 'ws')}${METRICS_SOCKET_PATH}`;
  const socket = new WebSocket(url, { headers });
  const [, response]: [unknown, IncomingMessage] = await new Promise((resolve) =>
    socket.once('unexpected-response', (...answer) => resolve(answer)),
  );
  const problem = problemSchema.parse(JSON.parse(await text(response)));
  return { status: response.statusCode, problem };
}

describe('monitoring', () => {
  let server: TestApp;
  const clients: MetricsClient[] = [];

  const connectClient = () => {
    const client = new MetricsClient(server);
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(clients.splice(0).map((client) => client.close()));
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
      drives: [{ name: 'Files', fileCount: 0, usedBytes: 0, freeBytes: expect.any(Number) }],
    });
  });

  it('should put the machine, the drives and the server together for the dashboard', async () => {
    const response = await fetch(`${server.url}/api/v1/monitoring/dashboard`);

    const dashboard = dashboardMetricsSchema.parse(await response.json());
    expect(dashboard.timestamp).toBe(dashboard.system.timestamp);
    expect(dashboard.storage?.drives).toHaveLength(1);
    expect(dashboard.server.version).toBe(server.config.version);
  });

  it('should send a frame with rates at once, then one for each sample, when a client connects', async () => {
    const client = connectClient();

    const first = parse(await client.next());
    const second = parse(await client.next());
    const third = parse(await client.next());

    expect(first.system.cpu.usagePercent).not.toBeNull();
    expect(first.storage?.drives).toHaveLength(1);
    expect(second.timestamp > first.timestamp).toBe(true);
    expect(third.timestamp > second.timestamp).toBe(true);
  });

  it('should send the same bytes when there are two clients', async () => {
    const [one, other] = [connectClient(), connectClient()];
    const seen = new Map<string, Buffer>();
    for (let count = 0; count < 4; count += 1) {
      const frame = await one.next();
      seen.set(parse(frame).timestamp, frame);
    }

    const frames = [await other.next(), await other.next(), await other.next()];

    const shared = frames.filter((frame) => seen.has(parse(frame).timestamp));
    expect(shared.length).toBeGreaterThanOrEqual(2);
    for (const frame of shared) expect(seen.get(parse(frame).timestamp)?.equals(frame)).toBe(true);
  });

  it('should go on when a client says something', async () => {
    const client = connectClient();
    await client.next();

    await client.say('{"event":"anything"}');
    await client.say('not even JSON');

    expect(parse(await client.next()).system.hostname).not.toBe('');
    expect(parse(await client.next()).system.hostname).not.toBe('');
  });

  it('should go on when a client breaks off in the middle of a frame', async () => {
    const { hostname, port } = new URL(server.url);
    const raw = connect(Number(port), hostname);
    raw.write(
      `GET ${METRICS_SOCKET_PATH} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(raw, 'data');
    raw.write(Buffer.from([0xff, 0xff, 0xff])); // reserved bits that nobody agreed on
    raw.resetAndDestroy();

    const client = connectClient();

    await client.next();
    expect(parse(await client.next()).system.platform).toBe(process.platform);
  });

  it('should ask for the figures once a frame when there are many clients', async () => {
    const readUsage = jest.spyOn(server.app.get(DrivesService), 'readUsage');
    const [first, ...others] = Array.from({ length: 20 }, connectClient);
    const timestamps = new Set<string>();

    while (timestamps.size < 4 && first !== undefined)
      timestamps.add(parse(await first.next()).timestamp);

    expect(others).toHaveLength(19);
    expect(readUsage.mock.calls.length).toBeGreaterThan(0);
    expect(readUsage.mock.calls.length).toBeLessThanOrEqual(timestamps.size + 1);
  });

  it('should keep the frames coming when a question for the figures is never answered', async () => {
    const client = connectClient();
    const before = parse(await client.next());
    jest
      .spyOn(server.app.get(DrivesService), 'readUsage')
      .mockImplementationOnce(() => new Promise(() => undefined));

    const frames = [await client.next(), await client.next(), await client.next()].map(parse);

    for (const { storage } of frames) expect(storage?.fileCount).toBe(before.storage?.fileCount);
  });

  it('should close a client with 4408 when too much waits for it', async () => {
    // Any open socket will do for the gateway; this one says that its reader is far behind.
    const behind = new WebSocket(`${server.url.replace('http', 'ws')}${METRICS_SOCKET_PATH}`);
    await once(behind, 'open');
    Object.defineProperty(behind, 'bufferedAmount', { value: 2 * 1024 * 1024 });
    const closed = once(behind, 'close');
    const gateway = server.app.get(MetricsGateway);

    await gateway.handleConnection(behind);
    gateway.handleDisconnect(behind);

    expect((await closed)[0]).toBe(4408);
  });

  it('should refuse the upgrade when the Origin is foreign', async () => {
    const refusal = await refusalOf(server, { Origin: 'https://evil.example' });

    expect(refusal).toMatchObject({ status: 403, problem: { code: 'access.cross_site' } });
  });

  it('should refuse the upgrade when the Host is unknown', async () => {
    const refusal = await refusalOf(server, { Host: 'evil.example' });

    expect(refusal).toMatchObject({ status: 421, problem: { code: 'access.unknown_host' } });
  });

  it('should give the samples as series when the history is asked for', async () => {
    const client = connectClient();
    const first = parse(await client.next());
    await client.next();

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

describe('monitoring while the database is away', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let server: TestApp;
  let client: MetricsClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await DatabaseProxy.start(database.url);
    server = await startTestApp({}, { database: { ...database, url: proxy.url } });
  });

  afterEach(async () => {
    await client.close();
    proxy.mend();
  });

  afterAll(async () => {
    await server.close();
    await proxy.stop();
  });

  it('should send frames without figures when it was away from the first one on', async () => {
    proxy.cut();
    client = new MetricsClient(server);

    const frames = [await client.next(), await client.next()].map(parse);
    const response = await fetch(`${server.url}/api/v1/monitoring/storage`);

    expect(frames.map(({ storage }) => storage)).toEqual([null, null]);
    expect(response.status).toBe(503);
    expect(problemSchema.parse(await response.json()).code).toBe('database.unavailable');
  });

  it('should keep the frames coming with the last figures when it goes away', async () => {
    client = new MetricsClient(server);
    while (parse(await client.next()).storage === null); // until it is back

    proxy.cut();

    const frames = [await client.next(), await client.next(), await client.next()].map(parse);
    for (const { storage } of frames) expect(storage?.drives).toHaveLength(1);
    expect((await fetch(`${server.url}/api/v1/monitoring/storage`)).status).toBe(200);
  });
});

describe('monitoring at the end', () => {
  it('should close its sockets with 1001 when the server stops', async () => {
    const server = await startTestApp();
    const client = new MetricsClient(server);
    await client.next();

    await server.close();

    expect(await client.closed).toBe(1001);
  });
});
