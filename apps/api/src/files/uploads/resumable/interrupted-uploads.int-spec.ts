import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, link, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { fileMetadataSchema, filePageSchema } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DatabaseProxy } from '../../../../test/database-proxy';
import { addDrive } from '../../../../test/drives-client';
import { eventually } from '../../../../test/eventually';
import { read, readProblem } from '../../../../test/files-client';
import { query } from '../../../../test/query';
import { createTestDatabase } from '../../../../test/test-database';
import { startTestApp, type TestApp } from '../../../../test/test-app';
import {
  beginPatch,
  create,
  head,
  offsetOf,
  patch,
  postCreation,
} from '../../../../test/tus-client';

const MEBIBYTE = 1024 * 1024;

describe('resumable uploads that are interrupted', () => {
  let server: TestApp;

  beforeEach(async () => {
    server = await startTestApp();
  });

  afterEach(async () => {
    await server.close();
  });

  const sql = <Row extends Record<string, unknown>>(statement: string, values: unknown[] = []) =>
    query<Row>(server.database.url, statement, values);
  const staged = (address: string) =>
    path.join(server.filesFolder, '.homeserver', 'staging', address.split('/').at(-1) ?? '');
  const stagedNames = () => readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
  const names = async () =>
    (await read(server, '/api/v1/files/list', filePageSchema)).items.map((file) => file.filename);
  const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  async function restart(): Promise<void> {
    await server.stop();
    server = await startTestApp({}, server);
  }

  async function expectFile(answer: Response, content: Buffer): Promise<void> {
    const id = answer.headers.get('homeserver-file-id');
    const file = await read(server, `/api/v1/files/${id}/metadata`, fileMetadataSchema);
    expect(file).toMatchObject({ size: content.length, sha256: sha256Of(content) });
    const stored = await readFile(path.join(server.filesFolder, file.storagePath));
    expect(stored.equals(content)).toBe(true);
    expect(await stagedNames()).toEqual([]);
  }

  it('should go on after a restart, without what was never acknowledged', async () => {
    const content = randomBytes(2 * MEBIBYTE);
    const address = await create(server, content.length, {
      filename: 'restarted.bin',
      sha256: sha256Of(content),
    });
    await patch(server, address, 0, content.subarray(0, MEBIBYTE));
    await server.stop();
    // As a power cut leaves it: written, and not yet acknowledged.
    await appendFile(staged(address), randomBytes(2 * MEBIBYTE));
    server = await startTestApp({}, server);

    expect(await offsetOf(server, address)).toBe(MEBIBYTE);
    await expectFile(await patch(server, address, MEBIBYTE, content.subarray(MEBIBYTE)), content);
  });

  it('should keep what had come when the server is stopped in the middle', async () => {
    const content = randomBytes(2 * MEBIBYTE);
    const address = await create(server, content.length, { filename: 'stopped.bin' });
    await beginPatch(server, address, {
      offset: 0,
      announced: content.length,
      sent: content.subarray(0, MEBIBYTE),
    });
    await eventually(async () => expect((await stat(staged(address))).size).toBeGreaterThan(0));
    await restart();

    const offset = await offsetOf(server, address);
    expect(offset).toBeGreaterThan(0);
    await expectFile(await patch(server, address, offset, content.subarray(offset)), content);
  });

  it('should let a second caller in at once neither beside nor instead of one who sends', async () => {
    const content = randomBytes(MEBIBYTE);
    const address = await create(server, content.length, { filename: 'two.bin' });
    const socket = await beginPatch(server, address, {
      ...{ offset: 0, announced: content.length, sent: content.subarray(0, 100_000) },
    });
    await eventually(async () => expect(await stagedNames()).toHaveLength(1));

    const second = await patch(server, address, 0, content);
    expect(second.status).toBe(423);
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await readProblem(second)).code).toBe('uploads.busy');
    socket.write(content.subarray(100_000));
    const chunks: unknown[] = await once(socket, 'data');
    expect(String(chunks[0])).toMatch(/^HTTP\/1.1 204 /);
    socket.destroy();
    await expectFile(await head(server, address), content);
  });

  it.each(['HEAD', 'PATCH'])(
    'should take up what a frozen client has sent, and go on, when the next call is %s',
    async (method) => {
      const content = randomBytes(MEBIBYTE);
      const address = await create(server, content.length, { filename: 'frozen.bin' });
      const socket = await beginPatch(server, address, {
        ...{ offset: 0, announced: content.length, sent: content.subarray(0, 200_000) },
      });
      await eventually(async () => expect(await stagedNames()).toHaveLength(1));

      await eventually(async () => {
        if (method === 'PATCH') expect((await patch(server, address, 0, content)).status).toBe(409);
        expect(await offsetOf(server, address)).toBe(200_000);
      });
      await expectFile(await patch(server, address, 200_000, content.subarray(200_000)), content);
      socket.destroy();
    },
  );

  it('should end one who sends when the upload is terminated', async () => {
    const address = await create(server, MEBIBYTE, { filename: 'ended.bin' });
    const socket = await beginPatch(server, address, {
      ...{ offset: 0, announced: MEBIBYTE, sent: randomBytes(200_000) },
    });
    await eventually(async () => expect(await stagedNames()).toHaveLength(1));

    const url = server.url + address;
    const ended = await fetch(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
    expect(ended.status).toBe(204);
    expect(await stagedNames()).toEqual([]);
    expect((await head(server, address)).status).toBe(410);
    socket.destroy();
  });

  it('should let nobody in while another process has the lease, and everybody when it ran out', async () => {
    const address = await create(server, 3, { filename: 'leased.txt' });
    const lease = (until: string) =>
      sql(
        `update uploads set lease_holder = gen_random_uuid(), lease_until = now() + interval '${until}'`,
      );
    await lease('10 seconds');

    expect((await patch(server, address, 0, 'abc')).status).toBe(423);
    expect(await offsetOf(server, address)).toBe(0);
    await lease('-1 seconds');
    await expectFile(await patch(server, address, 0, 'abc'), Buffer.from('abc'));
  });

  it('should go on in another process, which reads again what it has not seen', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'homeserver-test-shared-'));
    const { id: driveId } = await addDrive(server, { name: 'Shared', path: root });
    const other = await startTestApp({}, { database: server.database });
    try {
      const content = randomBytes(300_000);
      const address = await create(server, content.length, { filename: 'shared.bin', driveId });
      const parts = [0, 100_000, 200_000].map((at) => content.subarray(at, at + 100_000));
      expect((await patch(server, address, 0, parts[0] ?? '')).status).toBe(204);
      expect((await patch(other, address, 100_000, parts[1] ?? '')).status).toBe(204);
      const last = await patch(server, address, 200_000, parts[2] ?? '');
      const id = last.headers.get('homeserver-file-id');
      const file = await read(other, `/api/v1/files/${id}/metadata`, fileMetadataSchema);
      expect(file.sha256).toBe(sha256Of(content));
      expect((await readFile(path.join(root, 'shared.bin'))).equals(content)).toBe(true);
    } finally {
      await other.stop();
      await rm(other.config.dataDir, { recursive: true });
      await rm(root, { recursive: true });
    }
  });

  describe('between the last byte and the file', () => {
    /** An upload whose bytes are all there, and acknowledged: its file is not made. */
    async function fill(content: string): Promise<string> {
      const address = await create(server, content.length, { filename: 'full.txt' });
      await patch(server, address, 0, content.slice(0, -1));
      await server.stop();
      await appendFile(staged(address), content.slice(-1));
      await sql(`update uploads set committed_offset = length`);
      return address;
    }

    /** And its entry has been entered, by this instance. @param isLinked whether it has its name, too */
    async function enter(address: string, isLinked: boolean): Promise<void> {
      const holder = (
        await readFile(path.join(server.config.dataDir, 'instance-id'), 'utf8')
      ).trim();
      const id = address.split('/').at(-1);
      const sha256 = createHash('sha256').update('whole').digest();
      await sql(
        `insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size,
           sha256, upload_date, modified_at, state, staged_name, lease_holder, lease_until)
         select gen_random_uuid(), d.id, d.root_folder_id, 'file', 'full.txt', 'x', 'full.txt', 'text/plain', 5, $3,
           now(), now(), 'committing', $1, $2, now() + interval '1 hour' from drives d where is_default`,
        [id, holder, sha256],
      );
      if (isLinked) await link(staged(address), path.join(server.filesFolder, 'full.txt'));
    }

    it.each(['HEAD', 'PATCH'])(
      'should be made by %s when only the bytes are there',
      async (method) => {
        const address = await fill('whole');
        server = await startTestApp({}, server);

        const answer =
          method === 'HEAD' ? await head(server, address) : await patch(server, address, 5, '');
        expect(answer.headers.get('upload-offset')).toBe('5');
        await expectFile(answer, Buffer.from('whole'));
        expect(await names()).toEqual(['full.txt']);
      },
    );

    it('should be made once when many ask at the same time', async () => {
      const address = await fill('whole');
      server = await startTestApp({}, server);

      const answers = await Promise.all(Array.from({ length: 8 }, () => head(server, address)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ headers }) => headers.get('homeserver-file-id'))).size).toBe(1);
      expect(await names()).toEqual(['full.txt']);
    });

    it.each([
      ['entered', false],
      ['linked', true],
    ])('should be made once when the server ended after it was %s', async (_, isLinked) => {
      const address = await fill('whole');
      await enter(address, isLinked);
      server = await startTestApp({}, server);

      await expectFile(await head(server, address), Buffer.from('whole'));
      expect(await names()).toEqual(['full.txt']);
      await expectFile(await patch(server, address, 5, ''), Buffer.from('whole'));
    });

    it.each([
      ['entered', false],
      ['linked', true],
    ])('should be made once when an attempt failed after it was %s', async (_, isLinked) => {
      const address = await fill('whole');
      server = await startTestApp({}, server);
      await enter(address, isLinked);

      await expectFile(await head(server, address), Buffer.from('whole'));
      expect(await names()).toEqual(['full.txt']);
    });

    it('should be gone when its bytes are not there', async () => {
      const address = await fill('whole');
      await rm(staged(address));
      server = await startTestApp({}, server);

      expect((await head(server, address)).status).toBe(410);
      expect(await names()).toEqual([]);
    });
  });

  it('should answer 503 while the database is away, and go on by itself', async () => {
    const database = await createTestDatabase();
    const proxy = await DatabaseProxy.start(database.url);
    const beyond = await startTestApp({}, { database: { ...database, url: proxy.url } });
    try {
      const address = await create(beyond, 6, { filename: 'away.txt' });
      await patch(beyond, address, 0, 'abc');
      proxy.cut();
      expect((await patch(beyond, address, 3, 'def')).status).toBe(503);
      expect((await head(beyond, address)).status).toBe(503);
      expect((await postCreation(beyond, 1, { filename: 'a' }, 'x')).status).toBe(503);
      proxy.mend();
      await eventually(async () => expect(await offsetOf(beyond, address)).toBe(3));
      expect((await patch(beyond, address, 3, 'def')).status).toBe(204);
    } finally {
      await beyond.close();
      await proxy.stop();
    }
  });

  it('should find its folder when that was moved meanwhile', async () => {
    await mkdir(path.join(server.filesFolder, 'unseen'));
    const make = await fetch(`${server.url}/api/v1/files/folders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename: 'from' }),
    });
    const folder = fileMetadataSchema.parse(await make.json());
    const address = await create(server, 3, { filename: 'a.txt', folderId: folder.id });
    await fetch(`${server.url}/api/v1/files/${folder.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename: 'to' }),
    });

    await expectFile(await patch(server, address, 0, 'abc'), Buffer.from('abc'));
    expect(await readdir(path.join(server.filesFolder, 'to'))).toEqual(['a.txt']);
  });
});
