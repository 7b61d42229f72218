import { once } from 'node:events';

import {
  auditPageSchema,
  driveGrantsSchema,
  drivePageSchema,
  eventPageSchema,
  type FileMetadata,
  fileMetadataSchema,
  filePageSchema,
  type HomeServerEvent,
  homeServerEventSchema,
  SCOPES_OF_ROLE,
  scopeSchema,
  storageMetricsSchema,
  tagCountPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import * as z from 'zod';

import { eventually } from '../test/eventually';
import { filenamesOf, read, readProblem, upload, uploadForm } from '../test/files-client';
import { Person } from '../test/person';
import { query } from '../test/query';
import { tokenOf } from '../test/sign-in';
import { StatementLog } from '../test/statement-log';
import { ADMINISTRATOR, ANONYMOUS, startTestApp, type TestApp } from '../test/test-app';
import { uuid7 } from './platform/database/uuid7';

const ABSENT = '0198c0de-0000-7c5b-9a51-0d5a3b1f2e4c';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ 'x-access': z.string() }))),
});

interface Call {
  readonly method: string;
  readonly path: string;
  readonly access: string;
}

/** Who sees what: every way to something of others is tried. */
describe('what people may see of each other', () => {
  let server: TestApp;
  let anna: Person;
  let bert: Person;
  let guest: Person;
  let calls: Call[];
  /** Anna's own, on her personal drive. */
  let diary: FileMetadata;
  let annaDrive: { id: string; rootFolderId: string };

  beforeAll(async () => {
    server = await startTestApp();
    anna = await Person.arrive(server, 'anna');
    bert = await Person.arrive(server, 'bert');
    guest = await Person.arrive(server, 'gast', 'guest');
    diary = await uploadAs(anna, 'diary.txt', ['private']);
    const drives = drivePageSchema.parse(await (await anna.get('/api/v1/drives')).json()).items;
    annaDrive = { id: drives[0]?.id ?? '', rootFolderId: drives[0]?.rootFolderId ?? '' };
    await upload(server, { name: 'household.txt', tags: ['shared'] });
    const { paths } = documentSchema.parse(await (await fetch(`${server.url}/docs-json`)).json());
    calls = Object.entries(paths).flatMap(([path, operations]) =>
      METHODS.flatMap((method) => {
        const operation = operations[method];
        return operation === undefined ? [] : [{ method, path, access: operation['x-access'] }];
      }),
    );
  });

  afterAll(async () => {
    await server.close();
  });

  async function uploadAs(
    person: Person,
    name: string,
    tags: string[] = [],
  ): Promise<FileMetadata> {
    const response = await fetch(`${server.url}/api/v1/files/upload`, {
      method: 'POST',
      headers: { Cookie: person.cookie },
      body: uploadForm({ name, tags }),
    });
    if (response.status !== 201) throw new Error(await response.text());
    return fileMetadataSchema.parse(await response.json());
  }

  const grant = async (driveId: string, items: { userId: string; access: string }[]) => {
    const response = await fetch(`${server.url}/api/v1/drives/${driveId}/grants`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ items }),
    });
    expect(response.status).toBe(200);
  };

  /** The status and the code of a refusal. */
  const refusalOf = async (response: Response) => {
    const { status, code } = await readProblem(response);
    return [status, code];
  };

  const addressOf = ({ path }: Call, id = ABSENT) => server.url + path.replaceAll(/\{\w+\}/g, id);

  it('should let nobody in unknown, at any route that is not public', async () => {
    const closed = calls.filter(({ access }) => access !== 'public');
    expect(closed.length).toBeGreaterThan(25);
    for (const call of closed) {
      const response = await fetch(addressOf(call), {
        method: call.method.toUpperCase(),
        headers: ANONYMOUS,
      });
      expect([call, ...(await refusalOf(response))]).toEqual([
        call,
        401,
        'accounts.sign_in_required',
      ]);
    }
  });

  it('should ask every actor for the scope of each route, and tokens of none for a person', async () => {
    for (const call of calls) {
      const scope = scopeSchema.safeParse(call.access);
      if (!scope.success || SCOPES_OF_ROLE.guest.includes(scope.data)) continue;
      const response = await guest.call(
        call.method.toUpperCase(),
        call.path.replaceAll(/\{\w+\}/g, ABSENT),
      );
      expect([call, ...(await refusalOf(response))]).toEqual([call, 403, 'access.denied']);
    }
    for (const call of calls.filter(({ access }) => access === 'session')) {
      // With nothing but the administrator's token.
      const response = await fetch(addressOf(call), { method: call.method.toUpperCase() });
      expect([call, ...(await refusalOf(response))]).toEqual([
        call,
        403,
        'accounts.session_required',
      ]);
    }
  });

  it('should answer what is hidden as what does not exist: the same bytes, by the same statements', async () => {
    const inPath = calls.filter(
      ({ path, access }) => /^\/api\/v1\/files\/\{id\}/.test(path) && access !== 'public',
    );
    const attempts = [
      ...inPath.map((call) => (id: string) => request(call.method, addressOf(call, id))),
      (_id: string, other: Ids) =>
        request('get', `${server.url}/api/v1/files/list?folderId=${other.folder}`),
      (_id: string, other: Ids) =>
        request('get', `${server.url}/api/v1/files/list?driveId=${other.drive}`),
      (_id: string, other: Ids) =>
        request('get', `${server.url}/api/v1/files/list?driveId=${other.drive}&q=a&tag=b`),
      (_id: string, other: Ids) =>
        request('post', `${server.url}/api/v1/files/upload?folderId=${other.folder}`),
      (_id: string, other: Ids) =>
        request('post', `${server.url}/api/v1/files/upload?driveId=${other.drive}`),
    ];
    expect(inPath.length).toBeGreaterThan(3);
    const log = new StatementLog();
    try {
      for (const attempt of attempts) {
        log.take();
        const hidden = await attempt(diary.id, {
          folder: annaDrive.rootFolderId,
          drive: annaDrive.id,
        });
        const statementsOfHidden = log.take();
        const absent = await attempt(ABSENT, { folder: uuid7(), drive: uuid7() });
        const statementsOfAbsent = log.take();

        expect(hidden.status).toBe(404);
        expect(hidden).toEqual(absent);
        expect(statementsOfHidden.length).toBeGreaterThan(1);
        expect(statementsOfHidden).toEqual(statementsOfAbsent);
      }
    } finally {
      log.stop();
    }
  });

  interface Ids {
    readonly folder: string;
    readonly drive: string;
  }

  /** What Bert is answered, but for ids, which he has sent, and the date. */
  async function request(method: string, address: string) {
    const bodyOf = () => {
      if (/upload/.test(address)) return uploadForm({ name: 'intruder.txt' });
      if (address.endsWith('/copy')) return JSON.stringify({ parentId: null });
      if (method === 'post' && address.endsWith('/claims'))
        return JSON.stringify({ missingId: ABSENT });
      return method === 'patch' ? JSON.stringify({ tags: ['mine'] }) : undefined;
    };
    const body = bodyOf();
    const response = await fetch(address, {
      method: method.toUpperCase(),
      headers: {
        Cookie: bert.cookie,
        ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
    const headers = Object.fromEntries(response.headers);
    delete headers['date'];
    delete headers['x-request-id'];
    delete headers['etag']; // of the body, which has the request's id in it
    const text = await response.text();
    return {
      status: response.status,
      headers,
      body: text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'),
    };
  }

  it('should move nothing into a folder, or to a drive, that is hidden', async () => {
    const own = await uploadAs(bert, 'own.txt');
    const move = (patch: unknown) => bert.call('PATCH', `/api/v1/files/${own.id}`, patch);

    expect((await move({ parentId: annaDrive.rootFolderId })).status).toBe(404);
    expect((await move({ driveId: annaDrive.id })).status).toBe(404);
    const place = { parentId: annaDrive.rootFolderId, filename: 'intruder' };
    for (const call of ['folders', `${own.id}/copy`])
      expect((await bert.call('POST', `/api/v1/files/${call}`, place)).status).toBe(404);
  });

  it('should leave out of lists, tags, statistics and events what is hidden', async () => {
    const list = filePageSchema.parse(await (await bert.get('/api/v1/files/list')).json());
    const byTag = filePageSchema.parse(
      await (await bert.get('/api/v1/files/list?tag=private')).json(),
    );
    const tags = tagCountPageSchema.parse(await (await bert.get('/api/v1/tags')).json());
    const storage = storageMetricsSchema.parse(
      await (await bert.get('/api/v1/monitoring/storage')).json(),
    );

    expect(list.items.map(({ filename }) => filename)).toEqual(['own.txt']);
    expect(list.total).toBe(1);
    expect(byTag).toMatchObject({ items: [], total: 0 });
    expect(tags.items).toEqual([]);
    expect(storage).toMatchObject({ fileCount: 1, drives: [{ name: 'bert', fileCount: 1 }] });
    await eventually(async () => {
      const { items } = eventPageSchema.parse(
        await (await bert.get('/api/v1/events?after=0')).json(),
      );
      expect(items.map(({ subject }) => subject)).toEqual([`files/${list.items[0]?.id}`]);
    });
  });

  it('should not let a cursor of one person open the list of another', async () => {
    await uploadAs(anna, 'second.txt');
    const page = filePageSchema.parse(await (await anna.get('/api/v1/files/list?limit=1')).json());
    const stolen = await bert.get(`/api/v1/files/list?limit=1&cursor=${page.nextCursor}`);

    expect(page.nextCursor).not.toBeNull();
    expect(stolen.status).toBe(422);
  });

  it('should let read, but not change, where reading was granted', async () => {
    await grant(annaDrive.id, [{ userId: bert.id, access: 'read' }]);
    const path = `/api/v1/files/${diary.id}`;

    expect((await bert.get(`${path}/download`)).status).toBe(200);
    for (const [method, address, body] of [
      ['PATCH', path, { tags: ['mine'] }],
      ['PATCH', path, { filename: 'other.txt' }],
      ['DELETE', path],
      ['POST', `${path}/versions/${ABSENT}/restore`],
      ['DELETE', `${path}/versions/${ABSENT}`],
    ] as const) {
      const response = await bert.call(method, address, body);
      expect([method, ...(await refusalOf(response))]).toEqual([method, 403, 'access.denied']);
    }
    const uploaded = await request(
      'post',
      `${server.url}/api/v1/files/upload?driveId=${annaDrive.id}`,
    );
    expect(uploaded.status).toBe(403);
  });

  it('should tell a socket of what its person may see at the moment that it happens', async () => {
    const received: HomeServerEvent[] = [];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/events/ws`, {
      headers: { Cookie: bert.cookie },
    });
    socket.on('message', (data: Buffer) =>
      received.push(homeServerEventSchema.parse(JSON.parse(data.toString()))),
    );
    await once(socket, 'open');
    await grant(annaDrive.id, [{ userId: bert.id, access: 'read' }]);
    await uploadAs(anna, 'shown.txt');
    await eventually(() => expect(filenamesOf(received)).toEqual(['shown.txt']));
    await grant(annaDrive.id, []);
    await uploadAs(anna, 'hidden.txt');
    await uploadAs(bert, 'mine.txt');
    await eventually(() => expect(filenamesOf(received)).toContain('mine.txt'));
    socket.terminate();

    // No event of accounts either, nor of what was hidden again.
    expect(received.map(({ type }) => type)).toEqual([
      'homeserver.file.created',
      'homeserver.file.created',
    ]);
    expect(filenamesOf(received)).toEqual(['shown.txt', 'mine.txt']);
  });

  it('should hide old events, too, when a grant was taken away', async () => {
    const events = eventPageSchema.parse(await (await bert.get('/api/v1/events?after=0')).json());
    expect(filenamesOf(events.items)).toEqual(['own.txt', 'mine.txt']);
  });

  it('should tell administrators who did what from where, but of no file on drives that are hidden from them', async () => {
    const response = await fetch(`${server.url}/api/v1/audit?limit=1000`);
    const { items } = auditPageSchema.parse(await response.json());
    const about = (type: string) => items.filter((item) => item.type === type);

    expect(about('homeserver.user.signed_in')).toContainEqual(
      expect.objectContaining({
        actorId: anna.id,
        actorName: 'anna',
        clientAddress: '127.0.0.1',
        summary: 'anna: password',
      }),
    );
    expect(about('homeserver.file.created').map(({ summary }) => summary)).toEqual([
      'household.txt',
    ]);
    expect(about('homeserver.drive.granted').map(({ summary }) => summary)).toEqual([
      'anna: bert, none',
      'anna: bert, read',
    ]);
    const own = auditPageSchema.parse(
      await (
        await fetch(`${server.url}/api/v1/audit?actorId=${bert.id}&types=homeserver.user.*`)
      ).json(),
    );
    expect(own.items.map(({ type }) => type)).toEqual(['homeserver.user.signed_in']);
  });

  it('should tell a token of what administrators see only where it may administer', async () => {
    const token = await tokenOf(server.url, ADMINISTRATOR, ['events:read']);
    const headers = { Authorization: `Bearer ${token}` };
    const listed = await fetch(`${server.url}/api/v1/events?after=0&limit=1000`, { headers });
    const types = eventPageSchema.parse(await listed.json()).items.map(({ type }) => type);
    const received: HomeServerEvent[] = [];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/events/ws?after=0`, {
      headers,
    });
    socket.on('message', (data: Buffer) =>
      received.push(homeServerEventSchema.parse(JSON.parse(data.toString()))),
    );
    await once(socket, 'open');
    await Person.arrive(server, 'latecomer');
    await upload(server, { name: 'seen-by-token.txt' });
    await eventually(() => expect(filenamesOf(received)).toContain('seen-by-token.txt'));
    socket.terminate();

    expect(types).toContain('homeserver.file.created');
    expect(
      [...types, ...received.map(({ type }) => type)].filter(
        (type) => !/^homeserver\.file\./.test(type),
      ),
    ).toEqual([]);
  });

  it('should let nobody take the owner of a personal drive their access', async () => {
    const response = await fetch(`${server.url}/api/v1/drives/${annaDrive.id}/grants`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ items: [{ userId: anna.id, access: 'read' }] }),
    });
    expect([...(await refusalOf(response))]).toEqual([422, 'drives.owner_keeps_access']);
    await grant(annaDrive.id, []);
    expect((await anna.get(`/api/v1/files/${diary.id}/download`)).status).toBe(200);
  });

  it('should write to Files where one may, else to the personal drive', async () => {
    const [files] = await query<{ id: string }>(
      server.database.url,
      'select id from drives where is_default',
    );
    expect((await uploadAs(bert, 'where.txt')).driveId).not.toBe(files?.id);
    const before = await read(server, `/api/v1/drives/${files?.id}/grants`, driveGrantsSchema);
    await grant(files?.id ?? '', [
      ...before.items.filter(({ userId }) => userId !== bert.id),
      { userId: bert.id, access: 'write' },
    ]);
    expect((await uploadAs(bert, 'where.txt')).driveId).toBe(files?.id);
  });
});
