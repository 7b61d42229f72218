import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { drivePageSchema, fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../../test/capabilities';
import { addDrive, patchDrive } from '../../../../test/drives-client';
import { eventually } from '../../../../test/eventually';
import { read, readProblem, upload } from '../../../../test/files-client';
import { Person } from '../../../../test/person';
import { query } from '../../../../test/query';
import { ServerOnSmallDisk } from '../../../../test/small-disk';
import { ANONYMOUS, startTestApp, type TestApp } from '../../../../test/test-app';
import {
  beginPatch,
  callTus,
  create,
  encodeMetadata,
  head,
  offsetOf,
  PART_TYPE,
  patch,
  postCreation,
} from '../../../../test/tus-client';
import { UploadUpkeep } from './upload-upkeep.service';

const MEBIBYTE = 1024 * 1024;

describe('resumable uploads that cannot be', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const sql = (statement: string, values: unknown[] = []) =>
    query(server.database.url, statement, values);
  async function defaultDrive(): Promise<string> {
    const drives = await read(server, '/api/v1/drives', drivePageSchema);
    return drives.items[0]?.id ?? '';
  }
  const stagedNames = () => readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
  const idOf = (address: string) => address.split('/').at(-1) ?? '';

  it.each([
    ['a negative length', { 'Upload-Length': '-1' }, 422],
    ['a length that is no number', { 'Upload-Length': 'many' }, 422],
    ['no length', {}, 422],
    ['a length beyond all numbers', { 'Upload-Length': '9'.repeat(20) }, 413],
    ['more than any drive has', { 'Upload-Length': String(Number.MAX_SAFE_INTEGER) }, 507],
    ['a deferred length', { 'Upload-Defer-Length': '1' }, 422],
    [
      'metadata that are no base64',
      { 'Upload-Length': '1', 'Upload-Metadata': 'filename ??' },
      422,
    ],
    ['no name', { 'Upload-Length': '1', 'Upload-Metadata': '' }, 422],
    ['huge metadata', { 'Upload-Length': '1', 'Upload-Metadata': `a ${'A'.repeat(20_000)}` }, 431],
  ])('should be refused when they come with %s', async (_, headers, status) => {
    const metadata = { 'Upload-Metadata': encodeMetadata({ filename: 'hostile.bin' }) };
    const response = await callTus(server, 'POST', '', { headers: { ...metadata, ...headers } });

    expect(response.status).toBe(status);
    expect(await sql(`select 1 from uploads where filename = 'hostile.bin'`)).toEqual([]);
  });

  it.each(['', '.', '..', 'a/b', '../../etc/passwd', 'a\nb', 'ä'.repeat(128), '.HomeServer'])(
    'should be refused with 422 when the name is %j',
    async (filename) => {
      const response = await postCreation(server, 1, { filename });
      expect(response.status).toBe(422);
      expect((await readProblem(response)).code).toMatch(/^files\.(invalid_name|name_reserved)$/);
    },
  );

  it.each(['-1', 'x', '1e3', '', '9'.repeat(20)])(
    'should be refused when an offset is %j',
    async (offset) => {
      const address = await create(server, 3, { filename: 'offset.bin' });
      const response = await patch(server, address, offset, 'abc');
      expect([409, 422]).toContain(response.status);
      expect(await offsetOf(server, address)).toBe(0);
    },
  );

  it('should be refused when neither the folder nor the drive is there', async () => {
    const nobody = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';
    for (const member of ['folderId', 'driveId']) {
      expect((await postCreation(server, 1, { filename: 'a', [member]: nobody })).status).toBe(404);
    }
    expect((await postCreation(server, 1, { filename: 'a', folderId: 'none' })).status).toBe(422);
  });

  it('should be answered with 404 when they are not there, or somebody else’s', async () => {
    const member = await Person.arrive(server, 'member');
    const address = await create(server, 3, { filename: 'mine.txt' });
    const cookie = { Cookie: member.cookie };
    const others = [
      ['/api/v1/uploads/0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c', {}],
      ['/api/v1/uploads/none', {}],
      [address, cookie],
    ] as const;

    for (const [path, headers] of others) {
      const part = { 'Content-Type': PART_TYPE, 'Upload-Offset': '0', ...headers };
      expect((await callTus(server, 'HEAD', path, { headers })).status).toBe(404);
      expect((await callTus(server, 'DELETE', path, { headers })).status).toBe(404);
      const answer = await callTus(server, 'PATCH', path, { headers: part, body: 'abc' });
      expect(answer.status).toBe(404);
      expect((await readProblem(answer)).code).toBe('uploads.not_found');
    }
    expect(await offsetOf(server, address)).toBe(0);
  });

  it('should go on when somebody else wants to end them', async () => {
    const member = await Person.arrive(server, 'stranger');
    const address = await create(server, 1000, { filename: 'going on.bin' });
    const socket = await beginPatch(server, address, {
      offset: 0,
      announced: 1000,
      sent: Buffer.alloc(10),
    });
    await eventually(async () => expect(await stagedNames()).toContain(idOf(address)));
    const headers = { Cookie: member.cookie };
    expect((await callTus(server, 'DELETE', address, { headers })).status).toBe(404);

    const answered = once(socket, 'data');
    socket.write(Buffer.alloc(990));
    expect(String(await answered)).toMatch(/^HTTP\/1.1 204/);
    socket.destroy();
  });

  it('should be refused when an empty one comes with bytes of unknown number', async () => {
    const response = await fetch(`${server.url}/api/v1/uploads`, {
      method: 'POST',
      headers: {
        'Tus-Resumable': '1.0.0',
        'Content-Type': PART_TYPE,
        'Upload-Length': '0',
        'Upload-Metadata': encodeMetadata({ filename: 'empty.bin' }),
      },
      body: new Blob(['0123456789']).stream(),
      ...{ duplex: 'half' },
    });

    expect(response.status).toBe(413);
    expect(await readdir(server.filesFolder)).not.toContain('empty.bin');
  });

  it('should be answered with 401 and 403 when nobody, or nobody who may write, calls', async () => {
    const address = await create(server, 3, { filename: 'mine.txt' });
    for (const [method, path] of [
      ['POST', ''],
      ['HEAD', address],
      ['PATCH', address],
      ['DELETE', address],
    ] as const) {
      const response = await callTus(server, method, path, { headers: ANONYMOUS });
      expect(response.status).toBe(401);
      expect(response.headers.get('tus-resumable')).toBe('1.0.0');
    }
    const member = await Person.arrive(server, 'reader');
    const drive = await defaultDrive();
    await sql(`insert into drive_grants (drive_id, user_id, access) values ($1, $2, 'read')`, [
      drive,
      member.id,
    ]);
    const response = await callTus(server, 'POST', '', {
      headers: {
        Cookie: member.cookie,
        'Upload-Length': '1',
        'Upload-Metadata': encodeMetadata({ filename: 'a', driveId: drive }),
      },
    });
    expect(response.status).toBe(403);
  });

  it('should go on by another session of the same user, and end with the grant', async () => {
    const member = await Person.arrive(server, 'traveller');
    const drive = await defaultDrive();
    await sql(`insert into drive_grants (drive_id, user_id, access) values ($1, $2, 'write')`, [
      drive,
      member.id,
    ]);
    const created = await callTus(server, 'POST', '', {
      headers: {
        Cookie: member.cookie,
        'Upload-Length': '9',
        'Upload-Metadata': encodeMetadata({ filename: 'travelled.txt', driveId: drive }),
      },
    });
    const address = created.headers.get('location') ?? '';
    const send = async (cookie: string, offset: number, body: string) =>
      patch(server, address, offset, { body, headers: { Cookie: cookie } });

    expect((await send(member.cookie, 0, 'ab')).status).toBe(204);
    const elsewhere = (await member.again()).cookie;
    expect((await send(elsewhere, 2, 'cd')).status).toBe(204);
    await sql(`update drive_grants set access = 'read' where user_id = $1 and drive_id = $2`, [
      member.id,
      drive,
    ]);
    expect((await send(elsewhere, 4, 'ef')).status).toBe(403);
    expect((await send(elsewhere, 4, 'efghi')).status).toBe(403);
    expect(
      await sql(`select committed_offset from uploads where filename = 'travelled.txt'`),
    ).toEqual([{ committed_offset: '4' }]);
    expect(await readdir(server.filesFolder)).not.toContain('travelled.txt');
  });

  it('should take the next free name, or be refused before the bytes come, when the name is taken', async () => {
    await upload(server, { name: 'taken.txt', content: 'first' });

    const response = await postCreation(server, 5, { filename: 'taken.txt', conflict: 'fail' });
    expect(response.status).toBe(409);
    expect((await readProblem(response)).code).toBe('files.name_taken');
    const address = await create(server, 6, { filename: 'taken.txt' });
    const last = await patch(server, address, 0, 'second');
    const file = await read(
      server,
      `/api/v1/files/${last.headers.get('homeserver-file-id')}/metadata`,
      fileMetadataSchema,
    );
    expect(file.filename).toBe('taken (2).txt');
  });

  it('should keep the bytes, and become a file later, when the name is taken meanwhile', async () => {
    const address = await create(server, 5, { filename: 'raced.txt', conflict: 'fail' });
    const other = await upload(server, { name: 'raced.txt', content: 'other' });

    const last = await patch(server, address, 0, 'later');
    expect(last.status).toBe(409);
    expect((await readProblem(last)).code).toBe('files.name_taken');
    expect((await head(server, address)).status).toBe(409);
    const url = `${server.url}/api/v1/files/${other.id}?permanent=1`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    const done = await head(server, address);
    expect(done.status).toBe(200);
    expect(done.headers.get('homeserver-file-id')).not.toBeNull();
    expect(String(await readFile(path.join(server.filesFolder, 'raced.txt')))).toBe('later');
  });

  it.each(['HEAD', 'PATCH'])(
    'should go by what is decided later of a name that is taken, when %s says so',
    async (method) => {
      const filename = `decided by ${method}.txt`;
      const address = await create(server, 5, { filename, conflict: 'fail' });
      await upload(server, { name: filename, content: 'other' });
      expect((await patch(server, address, 0, 'later')).status).toBe(409);

      const decide = (conflict: string) =>
        callTus(server, method, address, {
          headers: {
            'Homeserver-Conflict': conflict,
            'Upload-Offset': '5',
            'Content-Type': PART_TYPE,
          },
        });
      expect((await decide('skip')).status).toBe(422);
      const done = await decide('rename');

      expect(done.ok).toBe(true);
      expect(done.headers.get('upload-offset')).toBe('5');
      const renamed = path.join(server.filesFolder, `decided by ${method} (2).txt`);
      expect(String(await readFile(renamed))).toBe('later');
    },
  );

  it('should be gone when they have waited for too long', async () => {
    const address = await create(server, 6, { filename: 'expired.txt' });
    await patch(server, address, 0, 'abc');
    await sql(`update uploads set expires_at = now() - interval '1 second' where id = $1`, [
      idOf(address),
    ]);

    expect((await head(server, address)).status).toBe(410);
    expect((await patch(server, address, 3, 'def')).status).toBe(410);
    expect(await stagedNames()).toContain(idOf(address));
    await server.app.get(UploadUpkeep).tidy();
    expect(await stagedNames()).not.toContain(idOf(address));
    expect((await head(server, address)).status).toBe(410);
    await sql(`update uploads set gone_at = now() - interval '25 hours' where id = $1`, [
      idOf(address),
    ]);
    expect((await head(server, address)).status).toBe(404);
    await server.app.get(UploadUpkeep).tidy();
    expect(await sql(`select 1 from uploads where id = $1`, [idOf(address)])).toEqual([]);
  });

  it('should be remembered for a day when they are done', async () => {
    const created = await postCreation(server, 1, { filename: 'done.txt' }, 'x');
    const address = created.headers.get('location') ?? '';
    await sql(`update uploads set finished_at = now() - interval '23 hours' where id = $1`, [
      idOf(address),
    ]);
    await server.app.get(UploadUpkeep).tidy();
    expect((await head(server, address)).headers.get('homeserver-file-id')).not.toBeNull();
    await sql(`update uploads set finished_at = now() - interval '25 hours' where id = $1`, [
      idOf(address),
    ]);
    expect((await head(server, address)).status).toBe(404);
  });

  it('should be gone, and never be taken for whole, when their bytes were lost', async () => {
    const address = await create(server, 6, { filename: 'lost.txt' });
    await patch(server, address, 0, 'abc');
    await rm(path.join(server.filesFolder, '.homeserver', 'staging', idOf(address)));

    expect((await patch(server, address, 3, 'def')).status).toBe(410);
    expect((await head(server, address)).status).toBe(410);
  });

  it('should be refused while the drive is read-only or away, and go on after that', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'homeserver-test-drive-'));
    const root = path.join(place, 'drive');
    await mkdir(root);
    const { id: driveId } = await addDrive(server, { name: 'Shelf', path: root });
    const address = await create(server, 6, { filename: 'kept.txt', driveId });
    await patch(server, address, 0, 'abc');

    await patchDrive(server, driveId, { readOnly: true });
    for (const answer of [
      await patch(server, address, 3, 'def'),
      await postCreation(server, 1, { filename: 'a', driveId }),
    ]) {
      expect(answer.status).toBe(403);
      expect((await readProblem(answer)).code).toBe('drives.read_only');
    }
    await patchDrive(server, driveId, { readOnly: false });
    await rename(root, `${root}-away`);
    for (const answer of [
      await patch(server, address, 3, 'def'),
      await postCreation(server, 1, { filename: 'a', driveId }),
    ]) {
      expect(answer.status).toBe(503);
      expect((await readProblem(answer)).code).toBe('drives.offline');
    }
    expect(await offsetOf(server, address)).toBe(3);
    await rename(`${root}-away`, root);
    expect((await patch(server, address, 3, 'def')).status).toBe(204);
    expect(String(await readFile(path.join(root, 'kept.txt')))).toBe('abcdef');
    await rm(place, { recursive: true });
  });
});

describeNeeding('mount', 'resumable uploads on a full disk', () => {
  let disk: ServerOnSmallDisk;
  let server: TestApp;

  beforeAll(async () => {
    disk = await ServerOnSmallDisk.start('size=8m');
    server = disk.server;
  });

  afterAll(async () => {
    await disk.end();
  });

  it('should be refused when what others have still to send leaves no room', async () => {
    const first = await create(server, 5 * MEBIBYTE, { filename: 'first.bin' });
    const second = await postCreation(server, 5 * MEBIBYTE, { filename: 'second.bin' });
    expect(second.status).toBe(507);
    expect((await readProblem(second)).code).toBe('drives.full');

    await callTus(server, 'DELETE', first);
    const third = await create(server, 5 * MEBIBYTE, { filename: 'third.bin' });
    await callTus(server, 'DELETE', third);
  });

  it('should answer 507 when the disk fills up, keep what is on it, and go on when there is room', async () => {
    const content = Buffer.alloc(6 * MEBIBYTE, 'x');
    const address = await create(server, content.length, { filename: 'filling.bin' });
    await patch(server, address, 0, content.subarray(0, MEBIBYTE));
    const ballast = path.join(server.filesFolder, 'ballast');
    await writeFile(ballast, Buffer.alloc(5 * MEBIBYTE));

    const full = await patch(server, address, MEBIBYTE, content.subarray(MEBIBYTE));
    expect(full.status).toBe(507);
    const offset = await offsetOf(server, address);
    expect(offset).toBe(MEBIBYTE);
    await rm(ballast);
    expect((await patch(server, address, offset, content.subarray(offset))).status).toBe(204);
    const stored = await readFile(path.join(server.filesFolder, 'filling.bin'));
    expect(stored.equals(content)).toBe(true);
  });
});
