import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Drive, driveSchema } from '@homeserver/dto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { addDrive, patchDrive, readDrive } from '../../../test/drives-client';
import { EntriesClient } from '../../../test/entries-client';
import { postUpload, readProblem, upload } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { create, head, patch } from '../../../test/tus-client';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const WINDOWS_PROGRAM = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);

describe('the types of files that a drive takes', () => {
  let server: TestApp;
  let client: EntriesClient;
  let root: string;
  let drive: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    root = await mkdtemp(path.join(tmpdir(), 'homeserver-test-types-'));
    drive = await addDrive(server, { name: 'Pictures', path: root });
  });

  beforeEach(async () => {
    await patchDrive(server, drive.id, { settings: { acceptedTypes: [], refusedTypes: [] } });
  });

  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true });
  });

  const accept = (...acceptedTypes: string[]) =>
    patchDrive(server, drive.id, { settings: { acceptedTypes } });
  const post = (name: string, content: string | Buffer) =>
    postUpload(server, { name, content, query: `?driveId=${drive.id}` });
  const stagedNames = () => readdir(path.join(root, '.homeserver', 'staging'));

  it('should be told, and changed, as settings of the drive', async () => {
    const answer = await patchDrive(server, drive.id, {
      settings: { acceptedTypes: ['Image/*'], refusedTypes: [' image/svg+xml '] },
    });
    const { settings } = driveSchema.parse(await answer.json());
    const expected = { acceptedTypes: ['image/*'], refusedTypes: ['image/svg+xml'] };
    expect(settings ?? (await readDrive(server, drive.id)).settings).toMatchObject(expected);
  });

  it.each(['image', '*', '*/png', 'image/', 'image/p*', 'image/png; q=1', ''])(
    'should be refused when a pattern is %p',
    async (pattern) => {
      const answer = await accept('image/*', pattern);
      expect(answer.status).toBe(422);
      expect((await readProblem(answer)).errors?.[0]?.pointer).toBe('#/settings/acceptedTypes/1');
    },
  );

  it('should let in what is accepted, whatever it is called, and nothing else', async () => {
    await accept('image/*');
    expect((await post('picture.txt', PNG)).status).toBe(201);
    const answer = await post('words.png', 'only words');

    expect(answer.status).toBe(422);
    const problem = await readProblem(answer);
    expect(problem.code).toBe('files.type_refused');
    expect(problem.detail).toContain('text/plain');
    expect(problem.detail).toContain('Pictures');
    expect(await stagedNames()).toEqual([]);
    expect(await readdir(root)).not.toContain('words.png');
  });

  it('should not let in what is refused, by its bytes and not by its name', async () => {
    await patchDrive(server, drive.id, {
      settings: { refusedTypes: ['application/x-msdownload'] },
    });
    const answer = await post('holiday.txt', WINDOWS_PROGRAM);

    expect((await readProblem(answer)).code).toBe('files.type_refused');
    expect((await post('words.txt', 'only words')).status).toBe(201);
  });

  it('should end an upload in parts that is none of them', async () => {
    await accept('image/*');
    const metadata = { filename: 'words.txt', driveId: drive.id };
    const address = await create(server, 6, metadata);
    await patch(server, address, 0, 'abc');

    expect((await readProblem(await patch(server, address, 3, 'def'))).code).toBe(
      'files.type_refused',
    );
    expect((await head(server, address)).status).toBe(410);
    expect(await stagedNames()).toEqual([]);
  });

  it('should hold for what is moved or copied from another drive, and not on the drive itself', async () => {
    const inside = await upload(server, {
      ...{ name: 'inside.txt', content: 'words', query: `?driveId=${drive.id}` },
    });
    const outside = await upload(server, { name: 'outside.txt', content: 'words' });
    await accept('image/*');
    const codeOf = async (answer: Promise<Response>) => (await readProblem(await answer)).code;
    const to = { parentId: drive.rootFolderId };

    expect(await codeOf(client.call('POST', `files/${outside.id}/copy`, to))).toBe(
      'files.type_refused',
    );
    expect(await codeOf(client.call('PATCH', `files/${outside.id}`, to))).toBe(
      'files.type_refused',
    );
    expect((await client.describe(outside.id)).driveId).not.toBe(drive.id);
    expect((await client.call('POST', `files/${inside.id}/copy`, to)).status).toBe(201);
  });

  it('should leave what is none of them out of a tree that is copied', async () => {
    const tree = await client.makeFolder('tree');
    await upload(server, { name: 'yes.png', content: PNG, query: `?folderId=${tree.id}` });
    await upload(server, { name: 'no.txt', content: 'words', query: `?folderId=${tree.id}` });
    await accept('image/*');
    const asked = await client.call('POST', `files/${tree.id}/copy`, {
      parentId: drive.rootFolderId,
    });
    const job = await client.ended(await client.jobOf(asked));

    expect(job).toMatchObject({ state: 'failed', problem: { code: 'files.left_out' } });
    expect(job.problem?.detail).toContain('no.txt');
    expect(await readdir(path.join(root, 'tree'))).toEqual(['yes.png']);
  });
});
