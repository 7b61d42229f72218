import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type IncomingMessage, request as startRequest } from 'node:http';
import path from 'node:path';

import { drivePageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { eventually } from '../../test/eventually';
import { Person } from '../../test/person';
import { query } from '../../test/query';
import { tokenOf } from '../../test/sign-in';
import { ANONYMOUS, startTestApp, type TestApp } from '../../test/test-app';

const SOCKETS = ['/api/v1/events/ws', '/api/v1/monitoring/ws'];

describe('what goes on by a session', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const patchUser = (id: string, patch: unknown) =>
    fetch(`${server.url}/api/v1/users/${id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(patch),
    });

  const openSocket = async (address: string, headers: Record<string, string>) => {
    const socket = new WebSocket(server.url.replace('http', 'ws') + address, { headers });
    await once(socket, 'open');
    return socket;
  };

  /** The code that each is closed with. */
  const closings = (sockets: readonly WebSocket[]) =>
    Promise.all(
      sockets.map(
        (socket) => new Promise<number>((resolve) => socket.once('close', (code) => resolve(code))),
      ),
    );

  async function refusalOf(
    address: string,
    headers: Record<string, string>,
  ): Promise<number | undefined> {
    const socket = new WebSocket(server.url.replace('http', 'ws') + address, { headers });
    socket.on('error', () => undefined);
    const status = await new Promise<number | undefined>((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('open', () => resolve(101));
    });
    socket.terminate();
    return status;
  }

  it('should open no socket to who is unknown, or has not the scope', async () => {
    const guest = await Person.arrive(server, 'visitor', 'guest');
    for (const address of SOCKETS) {
      expect(await refusalOf(address, ANONYMOUS)).toBe(401);
      expect(await refusalOf(address, { Cookie: 'homeserver_session=none' })).toBe(401);
      expect(await refusalOf(address, { Authorization: 'Bearer hs_none' })).toBe(401);
    }
    expect(await refusalOf('/api/v1/events/ws', { Cookie: guest.cookie })).toBe(101);
    expect(await refusalOf('/api/v1/monitoring/ws', { Cookie: guest.cookie })).toBe(403);
  });

  it.each([
    ['signs out', (person: Person) => person.call('POST', '/api/v1/auth/sign-out')],
    [
      'changes the password',
      (person: Person) =>
        person.call('PUT', '/api/v1/me/password', {
          currentPassword: person.password,
          newPassword: 'four herons in the rain',
        }),
    ],
    ['is disabled', (person: Person) => patchUser(person.id, { disabled: true })],
    [
      'is deleted',
      (person: Person) => fetch(`${server.url}/api/v1/users/${person.id}`, { method: 'DELETE' }),
    ],
  ])('should close its sockets with 4401 when the person %s', async (words, act) => {
    const person = await Person.arrive(server, words.replaceAll(' ', '-'));
    const sockets = await Promise.all(
      SOCKETS.map((address) => openSocket(address, { Cookie: person.cookie })),
    );
    const closed = closings(sockets);
    expect((await act(person)).ok).toBe(true);

    expect(await closed).toEqual([4401, 4401]);
  });

  it('should close the sockets of a token when it is deleted, and those alone whose scope is lost', async () => {
    const person = await Person.arrive(server, 'tokens', 'admin');
    const headers = { Authorization: `Bearer ${await tokenOf(server.url, person)}` };
    const events = await openSocket('/api/v1/events/ws', headers);
    const metrics = await openSocket('/api/v1/monitoring/ws', headers);
    const metricsClosed = closings([metrics]);
    await patchUser(person.id, { role: 'guest' });

    expect(await metricsClosed).toEqual([4401]);
    expect(events.readyState).toBe(WebSocket.OPEN);
    const eventsClosed = closings([events]);
    await query(server.database.url, `delete from api_tokens where user_id = $1`, [person.id]);
    expect(await eventsClosed).toEqual([4401]);
  });

  it('should end an upload, and keep nothing of it, when its person is disabled in the middle', async () => {
    const person = await Person.arrive(server, 'uploader');
    const { items } = drivePageSchema.parse(await (await person.get('/api/v1/drives')).json());
    const staging = path.join(server.config.dataDir, 'homes', 'uploader', '.homeserver', 'staging');
    const { hostname, port } = new URL(server.url);
    const upload = startRequest({
      hostname,
      port,
      path: `/api/v1/files/upload?driveId=${items[0]?.id}`,
      method: 'POST',
      headers: {
        Cookie: person.cookie,
        'Content-Type': 'multipart/form-data; boundary=b',
        'Content-Length': 10_000_000,
      },
    });
    upload.on('error', () => undefined);
    upload.write(
      '--b\r\nContent-Disposition: form-data; name="file"; filename="half.bin"\r\n\r\n' +
        'x'.repeat(500_000),
    );
    await eventually(async () => expect(await readdir(staging)).toHaveLength(1));
    const ended = new Promise((resolve) => upload.once('close', resolve));
    await patchUser(person.id, { disabled: true });
    await ended;

    await eventually(async () => expect(await readdir(staging)).toEqual([]));
    expect((await readdir(path.join(staging, '..', '..'))).sort()).toEqual(['.homeserver']);
  });

  it('should refuse the end of an upload when the right to write was lost while it came', async () => {
    const person = await Person.arrive(server, 'slow');
    const other = await Person.arrive(server, 'lender');
    const { items } = drivePageSchema.parse(await (await other.get('/api/v1/drives')).json());
    const driveId = items[0]?.id ?? '';
    const grant = (access: string) =>
      fetch(`${server.url}/api/v1/drives/${driveId}/grants`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ items: [{ userId: person.id, access }] }),
      });
    await grant('write');
    const staging = path.join(server.config.dataDir, 'homes', 'lender', '.homeserver', 'staging');
    const { hostname, port } = new URL(server.url);
    const upload = startRequest({
      hostname,
      port,
      path: `/api/v1/files/upload?driveId=${driveId}`,
      method: 'POST',
      headers: { Cookie: person.cookie, 'Content-Type': 'multipart/form-data; boundary=b' },
    });
    const answered = new Promise<IncomingMessage>((resolve) => upload.once('response', resolve));
    upload.write(
      '--b\r\nContent-Disposition: form-data; name="file"; filename="late.bin"\r\n\r\n' +
        'x'.repeat(200_000),
    );
    await eventually(async () => expect(await readdir(staging)).toHaveLength(1));
    await grant('none');
    // So long that the answer of the beginning no longer counts.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    upload.end('\r\n--b--\r\n');
    const answer = await answered;

    expect(answer.statusCode).toBe(403);
    answer.resume();
    await eventually(async () => expect(await readdir(staging)).toEqual([]));
  });
});
