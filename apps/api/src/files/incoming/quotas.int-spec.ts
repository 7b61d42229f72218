import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  fileMetadataSchema,
  fileVersionPageSchema,
  userPageSchema,
  userSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { addDrive, patchDrive } from '../../../test/drives-client';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import {
  postCutUpload,
  postEndlessly,
  postAndLeave,
  postUpload,
  read,
  readProblem,
  upload,
} from '../../../test/files-client';
import { auditOf } from '../../../test/people';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { callTus, create, patch, postCreation } from '../../../test/tus-client';
import { EntryLease } from '../entries/entry-lease';
import { Quotas } from './quotas.service';

const KILOBYTE = 1000;
const MEGABYTE = 1_000_000;
const content = (bytes: number) => randomBytes(bytes);

describe('quotas', () => {
  let server: TestApp;
  let client: EntriesClient;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
  });

  beforeEach(async () => {
    await limit(null);
    for (const name of await readdir(server.filesFolder))
      if (!name.startsWith('.')) await remove(name);
    await client.call('DELETE', 'trash');
    await sql(`delete from uploads`);
    await eventually(async () => expect(await used()).toBe(0));
  });

  afterAll(async () => {
    await server.close();
  });

  const sql = <Row extends Record<string, unknown>>(statement: string, values: unknown[] = []) =>
    query<Row>(server.database.url, statement, values);
  const limit = (bytes: number | null) => sql(`update users set quota_bytes = $1`, [bytes]);
  const used = async () => (await read(server, '/api/v1/me', userSchema)).usedBytes;
  const stagedNames = () => readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
  const holds = () => sql(`select * from quota_holds`);
  const codeOf = async (response: Response) => (await readProblem(response)).code;

  async function remove(filename: string): Promise<void> {
    const rows = await sql<{ id: string }>(
      `select id from file_metadata where filename = $1 and state = 'live' and parent_id is not null`,
      [filename],
    );
    for (const { id } of rows) await client.call('DELETE', `files/${id}`);
  }

  it('should be told, together with what is used of it', async () => {
    await limit(MEGABYTE);
    await upload(server, { name: 'told.bin', content: content(1234) });

    const mine = { usedBytes: 1234, quotaBytes: MEGABYTE };
    expect(await read(server, '/api/v1/me', userSchema)).toMatchObject(mine);
    expect((await read(server, '/api/v1/users', userPageSchema)).items[0]).toMatchObject(mine);
  });

  it('should keep no room for a form whose client is gone as soon as it has sent all of it', async () => {
    await limit(MEGABYTE);
    for (let time = 0; time < 20; time += 1)
      await postAndLeave(server, `gone ${time}.bin`, 90 * KILOBYTE);

    await eventually(async () => expect(await holds()).toEqual([]));
    await eventually(async () => expect(await stagedNames()).toEqual([]));
  });

  it('should let in exactly what fits, and no byte more', async () => {
    await limit(100 * KILOBYTE);
    await upload(server, { name: 'most.bin', content: content(99 * KILOBYTE) });
    const refused = await postUpload(server, { name: 'over.bin', content: content(1001) });

    expect(refused.status).toBe(507);
    expect(await codeOf(refused)).toBe('files.quota_exceeded');
    expect(await stagedNames()).toEqual([]);
    await upload(server, { name: 'rest.bin', content: content(1000) });
    expect(await used()).toBe(100 * KILOBYTE);
    expect((await postUpload(server, { name: 'one.bin', content: 'x' })).status).toBe(507);
    expect((await postUpload(server, { name: 'none.bin', content: '' })).status).toBe(201);
    expect(await holds()).toEqual([]);
  });

  const WAYS: [
    string,
    (name: string, body: Buffer, at: TestApp, driveId: string) => Promise<number>,
  ][] = [
    [
      'forms',
      async (name, body, at, driveId) =>
        (await postUpload(at, { name, content: body, query: `?driveId=${driveId}` })).status,
    ],
    [
      'creations with all bytes',
      async (name, body, at, driveId) =>
        (await postCreation(at, body.length, { filename: name, driveId }, body)).status,
    ],
    [
      'uploads in parts',
      async (name, body, at, driveId) => {
        const created = await postCreation(at, body.length, { filename: name, driveId });
        if (created.status !== 201) return created.status;
        const address = created.headers.get('location') ?? '';
        const { status } = await patch(at, address, 0, body);
        return status === 204 ? 201 : status;
      },
    ],
  ];

  it.each(WAYS)('should hold when many %s come at once, to two processes', async (_, send) => {
    const root = await mkdtemp(path.join(tmpdir(), 'homeserver-test-quota-'));
    const { id: driveId } = await addDrive(server, {
      name: `Shared ${randomBytes(4).toString('hex')}`,
      path: root,
    });
    const other = await startTestApp({}, { database: server.database });
    try {
      await limit(100 * KILOBYTE);
      const sending = Array.from({ length: 24 }, (_unused, index) =>
        send(`${index}.bin`, content(10 * KILOBYTE), index % 2 === 0 ? server : other, driveId),
      );
      const statuses = await Promise.all(sending);

      expect(statuses.filter((status) => status === 201)).toHaveLength(10);
      expect(statuses.filter((status) => status === 507)).toHaveLength(14);
      expect((await readdir(root)).filter((name) => name.endsWith('.bin'))).toHaveLength(10);
      expect(await used()).toBe(100 * KILOBYTE);
      expect(await holds()).toEqual([]);
    } finally {
      await other.stop();
      await rm(other.config.dataDir, { recursive: true });
      await client.call('DELETE', `drives/${driveId}`);
      await eventually(async () =>
        expect(await sql(`select 1 from drives where id = $1`, [driveId])).toEqual([]),
      );
      await rm(root, { recursive: true });
    }
  });

  it.each(WAYS)('should take all of many %s that fit together exactly', async (_, send) => {
    await limit(200 * KILOBYTE);
    const { id } = await client.defaultDrive();
    const uploads = Array.from({ length: 20 }, (_unused, index) =>
      send(`fits ${index}.bin`, content(10 * KILOBYTE), server, id),
    );
    expect(new Set(await Promise.all(uploads))).toEqual(new Set([201]));
    expect(await used()).toBe(200 * KILOBYTE);
  });

  describe('before a byte is taken', () => {
    it('should refuse a form whose length says that it does not fit', async () => {
      await limit(MEGABYTE);
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      socket.write(
        [
          'POST /api/v1/files/upload HTTP/1.1',
          `Host: ${hostname}:${port}`,
          'Content-Type: multipart/form-data; boundary=x',
          `Content-Length: ${2 * MEGABYTE}`,
          'Expect: 100-continue',
          '',
          '',
        ].join('\r\n'),
      );
      const chunks: unknown[] = await once(socket, 'data');
      socket.destroy();
      expect(String(chunks[0])).toMatch(/^HTTP\/1.1 507 /);
      expect(String(chunks[0])).toContain('files.quota_exceeded');
    });

    it('should refuse an upload in parts at its creation', async () => {
      await limit(MEGABYTE);
      const answer = await postCreation(server, MEGABYTE + 1, { filename: 'parts.bin' });
      expect(answer.status).toBe(507);
      expect(await codeOf(answer)).toBe('files.quota_exceeded');
      expect(await sql(`select 1 from uploads`)).toEqual([]);
    });
  });

  it('should end an upload of unknown length in its middle', async () => {
    await limit(8 * MEGABYTE);
    const { problem, sentBytes } = await postEndlessly(server);

    expect(problem).toMatchObject({ status: 507, code: 'files.quota_exceeded' });
    expect(sentBytes).toBeGreaterThan(8 * MEGABYTE - 512 * 1024);
    expect(await stagedNames()).toEqual([]);
    expect(await holds()).toEqual([]);
    expect(await used()).toBe(0);
  });

  describe('what counts', () => {
    it('should be an upload in parts as a whole, until it is over, and its file once', async () => {
      await limit(MEGABYTE);
      const address = await create(server, 600 * KILOBYTE, { filename: 'parts.bin' });
      expect(await used()).toBe(600 * KILOBYTE);
      // For a moment at its creation, while its room is held beside it.
      await sql(
        `insert into quota_holds select id, user_id, length, id, now() + interval '1 minute' from uploads`,
      );
      expect(await used()).toBe(600 * KILOBYTE);
      await sql(`delete from quota_holds`);
      expect((await postCreation(server, 401 * KILOBYTE, { filename: 'b.bin' })).status).toBe(507);
      await patch(server, address, 0, content(600 * KILOBYTE));
      expect(await used()).toBe(600 * KILOBYTE);

      const second = await create(server, 400 * KILOBYTE, { filename: 'c.bin' });
      expect(await used()).toBe(MEGABYTE);
      await callTus(server, 'DELETE', second);
      expect(await used()).toBe(600 * KILOBYTE);
    });

    it('should be what lies in the trash, until it is deleted for good', async () => {
      const file = await upload(server, { name: 'trashed.bin', content: content(5000) });
      await client.call('DELETE', `files/${file.id}`);
      expect(await used()).toBe(5000);
      await client.call('DELETE', `trash/${file.id}`);
      expect(await used()).toBe(0);
    });

    it('should be earlier versions, and each for who uploaded it', async () => {
      const other = await Person.arrive(server, `other${randomBytes(3).toString('hex')}`, 'admin');
      const file = await upload(server, { name: 'versions.bin', content: content(3000) });
      const form = new FormData();
      form.append('conflict', 'version');
      form.append('file', new Blob([new Uint8Array(content(500))]), 'versions.bin');
      const answer = await fetch(`${server.url}/api/v1/files/upload`, {
        method: 'POST',
        headers: { Cookie: other.cookie },
        body: form,
      });
      expect(fileMetadataSchema.parse(await answer.json()).id).toBe(file.id);
      const usedByOther = async () =>
        userSchema.parse(await (await other.get('/api/v1/me')).json()).usedBytes;

      expect([await used(), await usedByOther()]).toEqual([3000, 500]);
      const versions = `/api/v1/files/${file.id}/versions`;
      const [version] = (await read(server, versions, fileVersionPageSchema)).items;
      await limit(3000);
      const refused = await client.call('POST', `files/${file.id}/versions/${version?.id}/restore`);
      expect(await codeOf(refused)).toBe('files.quota_exceeded');
      await limit(6000);
      await client.call('POST', `files/${file.id}/versions/${version?.id}/restore`);
      expect([await used(), await usedByOther()]).toEqual([6000, 500]);
      await client.call('DELETE', `files/${file.id}`);
      await client.call('DELETE', `trash/${file.id}`);
      await eventually(async () => expect([await used(), await usedByOther()]).toEqual([0, 0]));
    });

    it('should be copies, for who makes them, and moves as little as nothing', async () => {
      await limit(10_000);
      const folder = await client.makeFolder('copies');
      const file = await upload(server, { name: 'copied.bin', content: content(4000) });
      const copy = () => client.call('POST', `files/${file.id}/copy`, { parentId: folder.id });
      expect((await copy()).status).toBe(201);
      expect(await used()).toBe(8000);
      expect(await codeOf(await copy())).toBe('files.quota_exceeded');
      await client.call('PATCH', `files/${file.id}`, {
        parentId: folder.id,
        filename: 'moved.bin',
      });
      expect(await used()).toBe(8000);

      const job = await client.ended(
        await client.jobOf(
          await client.call('POST', `files/${folder.id}/copy`, { parentId: null }),
        ),
      );
      expect(job).toMatchObject({ state: 'failed', problem: { code: 'files.quota_exceeded' } });
      expect(await used()).toBe(8000);
      expect(await holds()).toEqual([]);
    });

    it('should stay the same when a file moves to another drive', async () => {
      const root = await mkdtemp(path.join(tmpdir(), 'homeserver-test-quota-'));
      const drive = await addDrive(server, { name: 'Elsewhere', path: root });
      const file = await upload(server, { name: 'goes.bin', content: content(4000) });
      const answer = await client.call('PATCH', `files/${file.id}`, {
        parentId: drive.rootFolderId,
      });
      expect(answer.status).toBe(200);
      expect(await used()).toBe(4000);
      await client.call('DELETE', `drives/${drive.id}`);
      await eventually(async () => expect(await used()).toBe(0));
      await rm(root, { recursive: true });
    });

    it('should not be what other programs put there, nor what they have removed', async () => {
      await writeFile(path.join(server.filesFolder, 'from outside.bin'), content(4000));
      const file = await upload(server, { name: 'mine.bin', content: content(3000) });
      await eventually(async () =>
        expect(
          await sql(`select 1 from file_metadata where filename = 'from outside.bin'`),
        ).toHaveLength(1),
      );
      expect(await used()).toBe(3000);
      await unlink(path.join(server.filesFolder, 'mine.bin'));
      await eventually(async () => expect(await used()).toBe(0));
      expect((await client.call('GET', `files/${file.id}/metadata`)).status).toBe(404);
    });

    it('should be nothing of what was refused or cut off', async () => {
      await limit(MEGABYTE);
      const drive = await client.defaultDrive();
      await patchDrive(server, drive.id, { settings: { acceptedTypes: ['image/*'] } });
      expect((await postUpload(server, { name: 'no.txt', content: 'words' })).status).toBe(422);
      await patchDrive(server, drive.id, { settings: { acceptedTypes: [] } });
      await postCutUpload(server, 'cut.bin', 100_000);
      const wrong = { filename: 'wrong.bin', sha256: 'a'.repeat(64) };
      expect((await postCreation(server, 3, wrong, 'abc')).status).toBe(460);

      await eventually(async () => expect(await holds()).toEqual([]));
      expect(await used()).toBe(0);
    });

    it('should stay the same when what was noted is added up', async () => {
      for (const name of ['a', 'b', 'c']) await upload(server, { name, content: content(1000) });
      expect(await sql(`select 1 from stored_bytes_changes`)).not.toEqual([]);
      await server.app.get(Quotas).tidy();

      expect(await sql(`select 1 from stored_bytes_changes`)).toEqual([]);
      expect(await used()).toBe(3000);
      await remove('a');
      await client.call('DELETE', 'trash');
      expect(await used()).toBe(2000);
    });
  });

  describe('what a crash left', () => {
    const leave = (holder: string, until: string) =>
      sql(
        `insert into quota_holds (id, user_id, bytes, holder, held_until)
         select gen_random_uuid(), id, 5000, $1, now() + $2::interval from users where role = 'admin' limit 1`,
        [holder, until],
      );

    it('should not count any more after the next start', async () => {
      await leave(server.app.get(EntryLease).holder, '2 minutes');
      expect(await used()).toBe(5000);
      await server.stop();
      server = await startTestApp({}, server);
      client = new EntriesClient(server);

      expect(await used()).toBe(0);
    });

    it('should run out by itself', async () => {
      await leave('0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c', '-1 seconds');
      expect(await used()).toBe(0);
    });
  });

  describe('set by an administrator', () => {
    const change = (id: string, quotaBytes: unknown) =>
      client.call('PATCH', `users/${id}`, { quotaBytes });

    it('should hold at once for that user alone, until it is taken away', async () => {
      const anna = await Person.arrive(server, 'anna');
      expect((await change(anna.id, 1000)).status).toBe(200);
      const send = async () => {
        const form = new FormData();
        form.append('file', new Blob([new Uint8Array(1001)]), 'a.bin');
        const headers = { Cookie: anna.cookie };
        return fetch(`${server.url}/api/v1/files/upload`, { method: 'POST', headers, body: form });
      };
      expect((await send()).status).toBe(507);
      expect((await postUpload(server, { name: 'a.bin', content: content(1001) })).status).toBe(
        201,
      );
      expect((await change(anna.id, null)).status).toBe(200);
      expect((await send()).status).toBe(201);
      expect((await auditOf(server, anna)).map(([, detail]) => detail)).toEqual(
        expect.arrayContaining(['quota: 1000 bytes', 'no quota']),
      );
    });

    it.each([-1, 1.5, '1000', 2 ** 60])('should be refused when it is %p', async (quota) => {
      const [user] = (await read(server, '/api/v1/users', userPageSchema)).items;
      expect((await change(user?.id ?? '', quota)).status).toBe(422);
    });

    it('should be left as it is when something else changes', async () => {
      const berta = await Person.arrive(server, 'berta');
      await change(berta.id, 1000);
      await client.call('PATCH', `users/${berta.id}`, { displayName: 'Berta B.' });
      expect((await read(server, `/api/v1/users/${berta.id}`, userSchema)).quotaBytes).toBe(1000);
      expect((await berta.call('PATCH', '/api/v1/me', { quotaBytes: null })).status).toBe(422);
      expect(
        (await berta.call('PATCH', `/api/v1/users/${berta.id}`, { quotaBytes: null })).status,
      ).toBe(403);
    });
  });
});
