import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

import { problemSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { eventually } from '../../../test/eventually';
import { metricsSocketUrl } from '../../../test/metrics-client';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { CONNECTION_LIMITS } from '../http/connection-limits';

const LIMITS = { inAll: 3, perClient: 2, messagesPerMinute: 5 };

describe('the limits of sockets', () => {
  let server: TestApp;
  let sockets: WebSocket[] = [];

  beforeAll(async () => {
    server = await startTestApp({ trustProxy: 'loopback' }, undefined, {
      connections: CONNECTION_LIMITS,
      sockets: LIMITS,
    });
  });

  afterEach(async () => {
    for (const socket of sockets) await end(socket);
    sockets = [];
  });

  afterAll(async () => {
    await server.close();
  });

  /** @param client its address */
  function socketOf(client: string, query = ''): WebSocket {
    const headers = { 'X-Forwarded-For': client };
    const socket = new WebSocket(metricsSocketUrl(server) + query, { headers });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  async function open(client: string): Promise<WebSocket> {
    const socket = socketOf(client);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve).once('unexpected-response', (_request, { statusCode }) => {
        reject(new Error(`Refused with ${statusCode}.`));
      });
    });
    return socket;
  }

  async function end(socket: WebSocket): Promise<void> {
    if (socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.terminate();
    await closed;
  }

  async function refusalOf(socket: WebSocket): Promise<{ code: string; headers: object }> {
    const response = await new Promise<IncomingMessage>((resolve) => {
      socket.once('unexpected-response', (_request, answer) => resolve(answer));
    });
    response.setEncoding('utf8');
    let text = '';
    for await (const piece of response) text += String(piece);
    const { status, code } = problemSchema.parse(JSON.parse(text));
    return { code: `${status} ${code}`, headers: response.headers };
  }

  function closeCodeOf(socket: WebSocket): Promise<number> {
    return new Promise((resolve) => socket.once('close', resolve));
  }

  it.each(['message', 'ping', 'pong'] as const)(
    'should close a socket whose client sends one %s after another',
    async (kind) => {
      const socket = await open('192.168.1.7');
      for (let said = 0; said <= LIMITS.messagesPerMinute; said++) {
        if (kind === 'message') socket.send('{"event":"hello"}');
        else socket[kind]();
      }

      expect(await closeCodeOf(socket)).toBe(1008);
    },
  );

  it('should keep a socket whose client says little', async () => {
    const socket = await open('192.168.1.7');
    for (let said = 0; said < LIMITS.messagesPerMinute; said++) socket.ping();
    await once(socket, 'message');
    await once(socket, 'message');

    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['a large frame', (socket: WebSocket) => socket.send('x'.repeat(16 * 1024 + 1)), 1009],
    [
      'a message in a thousand pieces',
      (socket: WebSocket) => {
        for (let piece = 0; piece < 1000; piece++) socket.send('x', { fin: false });
      },
      1008,
    ],
  ])('should close a socket whose client sends %s', async (_, send, code) => {
    const socket = await open('192.168.1.7');
    send(socket);

    expect(await closeCodeOf(socket)).toBe(code);
  });

  it('should refuse one client, then all, when too many are open, until some have ended', async () => {
    const first = await open('192.168.1.7');
    await open('192.168.1.7');
    const own = await refusalOf(socketOf('192.168.1.7'));
    await open('192.168.1.8');
    const all = await refusalOf(socketOf('192.168.1.9'));

    expect(own).toMatchObject({ code: '429 sockets.too_many', headers: { 'retry-after': '60' } });
    expect(all).toMatchObject({ code: '503 sockets.full', headers: { 'retry-after': '60' } });
    await end(first);
    await eventually(() => open('192.168.1.9'));
  });

  it('should count nothing for upgrades that were refused', async () => {
    for (let tries = 0; tries < 5; tries++) {
      const { code } = await refusalOf(socketOf('192.168.1.7', `?${'a'.repeat(9000)}`));
      expect(code).toBe('422 http.invalid_input');
    }
    for (let tries = 0; tries < 5; tries++) {
      const anonymous = new WebSocket(metricsSocketUrl(server), { headers: { Cookie: 'a=b' } });
      anonymous.on('error', () => undefined);
      expect((await refusalOf(anonymous)).code).toBe('401 accounts.sign_in_required');
    }
    await eventually(() => open('127.0.0.1'));
  });
});
