import { once } from 'node:events';

import {
  type EventPage,
  eventPageSchema,
  type HomeServerEvent,
  homeServerEventSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { eventually } from '../../../test/eventually';
import { filenamesOf, readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('the event stream', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  async function list(parameters: string): Promise<EventPage> {
    return eventPageSchema.parse(
      await (await fetch(`${server.url}/api/v1/events${parameters}`)).json(),
    );
  }

  /** A socket, and what came over it. */
  async function open(
    parameters = '',
  ): Promise<{ socket: WebSocket; received: HomeServerEvent[] }> {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/api/v1/events/ws${parameters}`,
    );
    const received: HomeServerEvent[] = [];
    socket.on('message', (data: Buffer) =>
      received.push(homeServerEventSchema.parse(JSON.parse(data.toString('utf8')))),
    );
    await once(socket, 'open');
    return { socket, received };
  }

  async function refusalOf(
    parameters: string,
    headers: Record<string, string> = {},
  ): Promise<number | undefined> {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/api/v1/events/ws${parameters}`,
      { headers },
    );
    socket.on('error', () => undefined);
    const status = await new Promise<number | undefined>((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    socket.terminate();
    return status;
  }

  it('should tell of every change of a file, in order and with ascending numbers', async () => {
    const { socket, received } = await open();
    const file = await upload(server, { name: 'told.txt' });
    const url = `${server.url}/api/v1/files/${file.id}`;
    const headers = { 'Content-Type': 'application/json' };
    await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ tags: ['new'] }) });
    await fetch(url, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ filename: 'told anew.txt' }),
    });
    await fetch(url, { method: 'DELETE' });

    await eventually(() => expect(received.length).toBe(4));
    expect(received.map(({ type }) => type)).toEqual([
      'homeserver.file.created',
      'homeserver.file.changed',
      'homeserver.file.moved',
      'homeserver.file.trashed',
    ]);
    expect(received.every((event) => event.subject === `files/${file.id}`)).toBe(true);
    expect(received[2]?.data).toMatchObject({
      file: { filename: 'told anew.txt' },
      previous: { filename: 'told.txt' },
    });
    const ids = received.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
    socket.close();
  });

  it('should leave out and double nothing when a reader comes back in the middle of many changes', async () => {
    const writing = (async () => {
      for (let index = 0; index < 40; index += 1)
        await upload(server, { name: `many-${index}.txt` });
    })();
    const names: string[] = [];
    let after = (await list('?after=0&limit=1000')).items.at(-1)?.id ?? '0';
    while (names.length < 40) {
      const { socket, received } = await open(`?after=${after}&types=homeserver.file.created`);
      await eventually(() => expect(received.length).toBeGreaterThanOrEqual(1));
      socket.terminate();
      await once(socket, 'close');
      names.push(...filenamesOf(received));
      after = received.at(-1)?.id ?? after;
    }
    await writing;

    expect(names).toEqual(Array.from({ length: 40 }, (_, index) => `many-${index}.txt`));
  });

  it('should tell nothing that happened before when a reader wants what is new', async () => {
    await upload(server, { name: 'before.txt' });
    await eventually(async () =>
      expect(filenamesOf((await list('?order=desc&limit=1')).items)).toEqual(['before.txt']),
    );
    // Committed by another process, and without a number yet.
    await query(
      server.database.url,
      `insert into event_outbox (type, subject, time, data)
       select type, subject, time, data from events order by position desc limit 1`,
    );
    const { socket, received } = await open();
    await upload(server, { name: 'new.txt' });

    await eventually(() => expect(filenamesOf(received)).toEqual(['new.txt']));
    socket.close();
  });

  it('should send only the types that are asked for', async () => {
    const { socket, received } = await open('?types=homeserver.file.trashed,homeserver.drive.*');
    const file = await upload(server, { name: 'filtered.txt' });
    await fetch(`${server.url}/api/v1/files/${file.id}`, { method: 'DELETE' });

    await eventually(() => expect(received.length).toBe(1));
    expect(received[0]?.type).toBe('homeserver.file.trashed');
    socket.close();
  });

  it('should answer the same as a list, a page at a time, and the newest first when asked', async () => {
    await upload(server, { name: 'last.txt' });
    await eventually(async () =>
      expect(filenamesOf((await list('?order=desc&limit=1')).items)).toEqual(['last.txt']),
    );
    const whole = (await list('?after=0&limit=1000')).items;
    const paged: HomeServerEvent[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: EventPage = await list(`?cursor=${cursor}&limit=7`);
      paged.push(...page.items);
      cursor = page.nextCursor;
    }

    expect(paged).toEqual(whole);
    expect((await list('?order=desc&limit=1000')).items).toEqual([...whole].reverse());
    expect((await list('')).items).toEqual([]);
  });

  it('should refuse before the upgrade what is malformed, foreign or no longer kept', async () => {
    expect(await refusalOf('?after=yesterday')).toBe(422);
    expect(await refusalOf('?types=%3Cscript%3E')).toBe(422);
    expect(await refusalOf('', { Origin: 'http://evil.example' })).toBe(403);
    expect(await refusalOf('', { Host: 'evil.example' })).toBe(421);

    await query(server.database.url, 'delete from events where position <= 3');
    expect(await refusalOf('?after=1')).toBe(410);
    expect((await readProblem(await fetch(`${server.url}/api/v1/events?after=1`))).code).toBe(
      'events.expired',
    );
    const { socket, received } = await open('?after=3');
    await eventually(() => expect(received[0]?.id).toBe('4'));
    socket.close();
  });

  it('should go on by itself when its connection to the database is cut', async () => {
    const { socket, received } = await open();
    await query(
      server.database.url,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await eventually(async () =>
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200),
    );
    await upload(server, { name: 'after the cut.txt' });

    await eventually(() => expect(filenamesOf(received)).toEqual(['after the cut.txt']));
    socket.close();
  });

  it('should say goodbye with 1001 when the server stops', async () => {
    const other = await startTestApp();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/api/v1/events/ws`, {
      origin: other.url,
    });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.close();

    expect((await closed)[0]).toBe(1001);
  });
});
