import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { problemSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WebSocket } from 'ws';

import { SOMEBODY } from '../../test/actors';
import { DatabaseProxy } from '../../test/database-proxy';
import { MetricsClient, metricsSocketUrl, parseFrame } from '../../test/metrics-client';
import { startTestApp, type TestApp } from '../../test/test-app';
import { createTestDatabase, type TestDatabase } from '../../test/test-database';
import { DriveAccess } from '../drives';
import { SocketAdmission } from '../platform/sockets/socket-admission';
import { METRICS_SOCKET_PATH, MetricsGateway } from './metrics.gateway';
import { SamplerService } from './sampler.service';

/** What the server answers instead of 101. */
async function refusalOf(server: TestApp, headers: Record<string, string>) {
  const socket = new WebSocket(metricsSocketUrl(server), { headers });
  const [, response]: [unknown, IncomingMessage] = await new Promise((resolve) =>
    socket.once('unexpected-response', (...answer) => resolve(answer)),
  );
  const problem = problemSchema.parse(JSON.parse(await text(response)));
  return { status: response.statusCode, problem };
}

describe('the metrics socket', () => {
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

  it('should send a frame with rates at once, then one for each sample, when a client connects', async () => {
    const client = connectClient();

    const first = parseFrame(await client.next());
    const second = parseFrame(await client.next());
    const third = parseFrame(await client.next());

    expect(first.system.cpu.usagePercent).not.toBeNull();
    expect(first.storage?.drives).toHaveLength(2);
    expect(second.timestamp > first.timestamp).toBe(true);
    expect(third.timestamp > second.timestamp).toBe(true);
  });

  it('should send the same bytes when there are two clients', async () => {
    const [one, other] = [connectClient(), connectClient()];
    const seen = new Map<string, Buffer>();
    for (let count = 0; count < 4; count += 1) {
      const frame = await one.next();
      seen.set(parseFrame(frame).timestamp, frame);
    }

    const frames = [await other.next(), await other.next(), await other.next()];

    const shared = frames.filter((frame) => seen.has(parseFrame(frame).timestamp));
    expect(shared.length).toBeGreaterThanOrEqual(2);
    for (const frame of shared)
      expect(seen.get(parseFrame(frame).timestamp)?.equals(frame)).toBe(true);
  });

  it('should go on when a client says something', async () => {
    const client = connectClient();
    await client.next();

    await client.say('{"event":"anything"}');
    await client.say('not even JSON');

    expect(parseFrame(await client.next()).system.hostname).not.toBe('');
    expect(parseFrame(await client.next()).system.hostname).not.toBe('');
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
    expect(parseFrame(await client.next()).system.platform).toBe(process.platform);
  });

  it('should ask for the figures once a frame when there are many clients', async () => {
    const readUsage = jest.spyOn(server.app.get(DriveAccess), 'readUsage');
    const [first, ...others] = Array.from({ length: 20 }, connectClient);
    const timestamps = new Set<string>();

    while (timestamps.size < 4 && first !== undefined)
      timestamps.add(parseFrame(await first.next()).timestamp);

    expect(others).toHaveLength(19);
    expect(readUsage.mock.calls.length).toBeGreaterThan(0);
    expect(readUsage.mock.calls.length).toBeLessThanOrEqual(timestamps.size + 1);
  });

  it('should keep the frames coming when a question for the figures is never answered', async () => {
    const client = connectClient();
    const before = parseFrame(await client.next());
    jest
      .spyOn(server.app.get(DriveAccess), 'readUsage')
      .mockImplementationOnce(() => new Promise(() => undefined));

    const frames = [await client.next(), await client.next(), await client.next()].map(parseFrame);

    for (const { storage } of frames) expect(storage?.fileCount).toBe(before.storage?.fileCount);
  });

  it('should send a frame once when a client came while it was made', async () => {
    const sampler = server.app.get(SamplerService);
    jest.spyOn(sampler, 'current').mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          const stopListening = sampler.subscribe((sample) => {
            stopListening();
            resolve(sample);
          });
        }),
    );
    const client = connectClient();

    const [first, second] = [parseFrame(await client.next()), parseFrame(await client.next())];

    expect(second.timestamp).not.toBe(first.timestamp);
  });

  it('should close a client with 4408 when too much waits for it', async () => {
    // Any open socket will do for the gateway; this one says that its reader is far behind.
    const behind = new WebSocket(metricsSocketUrl(server));
    await once(behind, 'open');
    Object.defineProperty(behind, 'bufferedAmount', { value: 2 * 1024 * 1024 });
    const closed = once(behind, 'close');
    const gateway = server.app.get(MetricsGateway);

    const admission = server.app.get(SocketAdmission);
    jest.spyOn(admission, 'follow').mockReturnValueOnce(SOMEBODY);
    await gateway.handleConnection(behind, new IncomingMessage(new Socket()));
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
});

describe('the metrics socket while the database is away', () => {
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

  it('should ask newcomers to come back when nobody can tell who they are', async () => {
    client = new MetricsClient(server);
    await client.next();
    proxy.cut();
    const { status, problem } = await refusalOf(server, {});

    expect(status).toBe(503);
    expect(problem.code).toBe('database.unavailable');
  });

  it('should keep the frames coming with the last figures when it goes away', async () => {
    client = new MetricsClient(server);
    while (parseFrame(await client.next()).storage === null); // until it is back

    proxy.cut();

    const frames = [await client.next(), await client.next(), await client.next()].map(parseFrame);
    for (const { storage } of frames) expect(storage?.drives).toHaveLength(2);
  });
});

describe('the metrics socket between two samples that are far apart', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ metricsIntervalMs: 3_600_000 });
    await fetch(`${server.url}/api/v1/monitoring/system`); // the only sample there will be
  });

  afterAll(async () => {
    await server.close();
  });

  it('should send the frame of the last sample at once, the same bytes to each client', async () => {
    const clients = [new MetricsClient(server), new MetricsClient(server)];

    const [one, other] = await Promise.all(clients.map((client) => client.next()));

    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('the metrics socket at the end', () => {
  it('should close its sockets with 1001 when the server stops', async () => {
    const server = await startTestApp();
    const client = new MetricsClient(server);
    await client.next();

    await server.close();

    expect(await client.closed).toBe(1001);
  });
});
