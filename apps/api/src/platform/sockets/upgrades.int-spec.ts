import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from 'pino';

import { startTestApp, type TestApp } from '../../../test/test-app';
import { DatabaseUnavailableError } from '../database/database-errors';
import { LOGGER } from '../logging/logging.module';
import { SocketAdmission } from './socket-admission';

describe('upgrades', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  async function answerTo(head: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${head.join('\r\n')}\r\nConnection: Upgrade\r\n\r\n`);
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    return answer.toString('utf8');
  }

  async function firstLineOf(target: string, upgrade: string): Promise<string> {
    const answer = await answerTo([
      `GET ${target} HTTP/1.1`,
      'Host: localhost',
      `Upgrade: ${upgrade}`,
    ]);
    return answer.split('\r\n')[0] ?? '';
  }

  const webSocketTo = (target: string, host = 'localhost') => [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];

  it('should answer as if nothing had been wished when the wish is not for a WebSocket', async () => {
    expect(await firstLineOf('/health/live', 'h2c')).toBe('HTTP/1.1 200 OK');
  });

  it.each(['/api/v1/nothing/ws', '//', '/%'])(
    'should answer, and live on, when a socket is wished for at %s',
    async (target) => {
      expect(await firstLineOf(target, 'websocket')).toMatch(/^HTTP\/1\.1 (200|400|404) /);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    },
  );

  it('should answer as any request when the Host is none', async () => {
    expect(await answerTo(webSocketTo('/api/v1/events/ws', 'a b'))).toMatch(
      /^HTTP\/1\.1 421 .*\r\n[^]*"code":"access\.unknown_host"/,
    );
  });

  it('should answer as any request when the method opens no socket', async () => {
    const [, ...rest] = webSocketTo('/');
    expect(await answerTo(['POST /api/v1/events/ws HTTP/1.1', ...rest])).toMatch(
      /^HTTP\/1\.1 404 .*\r\n[^]*"code":"http\.not_found"/,
    );
  });

  it('should say when to come back, and log it under its id, when a refusal is ours', async () => {
    const logged = jest.spyOn(server.app.get<Logger>(LOGGER), 'error');
    server.app.get(SocketAdmission).declare('/api/v1/events/ws', {
      scope: 'events:read',
      check: () => {
        throw new DatabaseUnavailableError('away');
      },
    });
    const answer = await answerTo(webSocketTo('/api/v1/events/ws'));
    const id = /"requestId":"([^"]+)"/.exec(answer)?.[1];

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('\r\nRetry-After: 5\r\n');
    expect(answer).toContain(`\r\nX-Request-Id: ${id}\r\n`);
    expect(logged.mock.calls).toEqual([
      [expect.objectContaining({ req: expect.objectContaining({ id }) }), expect.any(String)],
    ]);
  });
});
