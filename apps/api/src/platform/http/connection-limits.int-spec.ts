import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { fileMetadataSchema, type Problem, problemSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Request } from 'express';

import { eventually } from '../../../test/eventually';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { SOCKET_LIMITS } from '../sockets/socket-limits';
import { CONNECTION_LIMITS } from './connection-limits';
import { slowBodies } from './slow-bodies';

const GRACE_MS = 1000;
const SLOW_BODY = { bytesPerSecond: 1000, graceMs: GRACE_MS, lookEveryMs: 20 };
const FORM = '--b\r\nContent-Disposition: form-data; name="file"; filename="slow.bin"\r\n\r\n';

async function answerOf(call: ClientRequest): Promise<{ head: IncomingMessage; text: string }> {
  const head = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('error', reject).once('response', resolve);
  });
  head.setEncoding('utf8');
  let text = '';
  for await (const piece of head) text += String(piece);
  return { head, text };
}

async function problemOf(call: ClientRequest): Promise<Problem> {
  const { head, text } = await answerOf(call);
  expect(head.headers.connection).toBe('close');
  return problemSchema.parse(JSON.parse(text));
}

/** Whether it ends with an error is the system's choice. */
async function closeOf(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.once('close', resolve));
}

describe('the limits of connections', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({}, undefined, {
      connections: {
        ...CONNECTION_LIMITS,
        headersWithinMs: 300,
        lookEveryMs: 20,
        slowBody: SLOW_BODY,
      },
      sockets: SOCKET_LIMITS,
    });
  });

  afterAll(async () => {
    await server.close();
  });

  const open = (method: string, address: string, headers: Record<string, string>) =>
    request(server.url + address, { method, headers });

  const openForm = (contentLength?: number) =>
    open('POST', '/api/v1/files/upload', {
      'Content-Type': 'multipart/form-data; boundary=b',
      ...(contentLength === undefined ? {} : { 'Content-Length': String(contentLength) }),
    });

  function openSocket(): Socket {
    const { hostname, port } = new URL(server.url);
    return connect(Number(port), hostname)
      .on('error', () => undefined)
      .resume();
  }

  it('should answer 408, and close, when a body of JSON stops coming', async () => {
    const call = open('PATCH', '/api/v1/files/0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c', {
      'Content-Type': 'application/json',
      'Content-Length': '1000',
    });
    call.write('{"tags":');

    expect(await problemOf(call)).toMatchObject({ status: 408, code: 'http.too_slow' });
    call.destroy();
  });

  it('should answer 408, and keep nothing, when an upload stops in the middle', async () => {
    const call = openForm(10_000_000);
    call.write(FORM + 'x'.repeat(2_000_000));

    expect(await problemOf(call)).toMatchObject({ status: 408, code: 'http.too_slow' });
    call.destroy();
    const staging = path.join(server.filesFolder, '.homeserver', 'staging');
    await eventually(async () => expect(await readdir(staging)).toEqual([]));
  });

  it('should answer 408 when a body comes byte by byte', async () => {
    const call = openForm(10_000_000);
    call.write(FORM);
    const dripping = setInterval(() => call.write('x'), 50);

    expect(await problemOf(call)).toMatchObject({ status: 408 });
    clearInterval(dripping);
    call.destroy();
  });

  it('should take an upload that is slow but steady, however long it takes', async () => {
    const call = openForm();
    const answer = answerOf(call);
    call.write(FORM);
    // Ten times the least rate, for three times the grace.
    const pieces = (3 * GRACE_MS) / 50;
    for (let piece = 0; piece < pieces; piece++) {
      call.write('x'.repeat(500));
      await pause(50);
    }
    call.end('\r\n--b--\r\n');
    const { head, text } = await answer;

    expect(head.statusCode).toBe(201);
    expect(fileMetadataSchema.parse(JSON.parse(text)).size).toBe(pieces * 500);
  });

  it.each([
    ['nothing', ''],
    ['no end of its headers', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n'],
  ])('should close a connection that brings %s', async (_, text) => {
    const socket = openSocket();
    socket.write(text);

    await closeOf(socket);
  });

  it('should close a connection whose headers come one by one, for ever', async () => {
    const socket = openSocket();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const dripping = setInterval(() => socket.write('X-A: 1\r\n'), 50);

    await closeOf(socket);
    clearInterval(dripping);
  });

  it('should refuse a request with more headers than any has', async () => {
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, '1']));
    const { text } = await answerOf(open('GET', '/health/live', headers).end());

    expect(JSON.parse(text)).toMatchObject({ status: 431, code: 'http.too_many_headers' });
  });

  it('should refuse a query that is longer than any', async () => {
    const call = open('GET', `/api/v1/files/list?q=${'a'.repeat(9000)}`, {});
    const { text } = await answerOf(call.end());

    expect(JSON.parse(text)).toMatchObject({ status: 422, errors: [{ pointer: '#/query' }] });
  });
});

describe('a body that is not waited for', () => {
  let server: Server;
  let address: string;
  let waiting: Request | null = null;

  beforeAll(async () => {
    const app = express().use(slowBodies(SLOW_BODY));
    app.post('/read', (body) => void body.resume());
    app.post('/leave', (body) => (waiting = body));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('It does not listen.');
    address = `http://127.0.0.1:${bound.port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('should cost its client nothing, while another one is ended', async () => {
    const patient = request(`${address}/leave`, { method: 'POST' }).on('error', () => undefined);
    patient.write('x'.repeat(100_000));
    await eventually(() => expect(waiting?.readableLength).toBeGreaterThan(0));
    const read = request(`${address}/read`, { method: 'POST' });
    read.write('x');

    expect((await answerOf(read)).head.statusCode).toBe(408);
    expect(waiting?.destroyed).toBe(false);
    patient.destroy();
  });
});

describe('the limit of connections of one address', () => {
  const NO_MORE = { ...CONNECTION_LIMITS, connectionsPerAddress: 3 };

  /** Whether each connection answers, of some that are opened one after the other and stay open. */
  async function answersOf(server: TestApp, count: number): Promise<boolean[]> {
    const { hostname, port } = new URL(server.url);
    const sockets: Socket[] = [];
    const answers: boolean[] = [];
    for (let index = 0; index < count; index += 1) {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
      answers.push(
        await new Promise<boolean>((resolve) => {
          socket.once('data', () => resolve(true));
          socket.once('close', () => resolve(false));
        }),
      );
    }
    for (const socket of sockets) socket.destroy();
    return answers;
  }

  it('should close what is beyond it, and let in again when others were closed', async () => {
    const server = await startTestApp({}, undefined, {
      connections: NO_MORE,
      sockets: SOCKET_LIMITS,
    });
    try {
      expect(await answersOf(server, 5)).toEqual([true, true, true, false, false]);
      await eventually(async () => expect(await answersOf(server, 3)).toEqual([true, true, true]));
    } finally {
      await server.close();
    }
  });

  it('should not hold for a proxy that is trusted: all come from its address', async () => {
    const server = await startTestApp({ trustProxy: 'loopback' }, undefined, {
      connections: NO_MORE,
      sockets: SOCKET_LIMITS,
    });
    try {
      expect(await answersOf(server, 5)).toEqual([true, true, true, true, true]);
    } finally {
      await server.close();
    }
  });
});
