import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startTestApp, type TestApp } from '../../../test/test-app';

describe('upgrades', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  async function firstLineOf(target: string, upgrade: string): Promise<string> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${target} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`,
    );
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    return answer.toString('utf8').split('\r\n')[0] ?? '';
  }

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
});
