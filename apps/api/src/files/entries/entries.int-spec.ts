import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  drivePageSchema,
  type FileMetadata,
  fileDetailsSchema,
  fileMetadataSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('entries', () => {
  let server: TestApp;
  let rootFolderId: string;

  beforeAll(async () => {
    server = await startTestApp();
    const drives = drivePageSchema.parse(await (await fetch(`${server.url}/api/v1/drives`)).json());
    rootFolderId = drives.items[0]?.rootFolderId ?? '';
  });

  afterAll(async () => {
    await server.close();
  });

  const urlOf = (id: string) => `${server.url}/api/v1/files/${id}`;

  async function patch(
    id: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(urlOf(id), {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async function patched(file: FileMetadata, body: unknown): Promise<FileMetadata> {
    const response = await patch(file.id, body);
    expect(response.status).toBe(200);
    return fileMetadataSchema.parse(await response.json());
  }

  it('should show a file, the folders above it and its ETag', async () => {
    const file = await upload(server, { name: 'shown.txt' });
    const response = await fetch(`${urlOf(file.id)}/metadata`);
    const details = fileDetailsSchema.parse(await response.json());

    expect(details).toMatchObject({
      id: file.id,
      ancestors: [{ id: rootFolderId, filename: 'Files' }],
    });
    expect(response.headers.get('etag')).toBe('"v1"');
    const root = fileDetailsSchema.parse(
      await (await fetch(`${urlOf(rootFolderId)}/metadata`)).json(),
    );
    expect(root).toMatchObject({ kind: 'folder', parentId: null, ancestors: [] });
  });

  it('should rename the file on the drive when its name is changed', async () => {
    const file = await upload(server, { name: 'before.txt', content: 'same' });
    const renamed = await patched(file, { filename: 'after.txt', tags: ['kept'] });

    expect(renamed).toMatchObject({
      id: file.id,
      filename: 'after.txt',
      storagePath: 'after.txt',
      version: 2,
      tags: ['kept'],
    });
    expect(String(await readFile(path.join(server.filesFolder, 'after.txt')))).toBe('same');
    expect(await readdir(server.filesFolder)).not.toContain('before.txt');
  });

  it('should replace nothing when the new name is taken, in the index or on the drive', async () => {
    await upload(server, { name: 'taken.txt', content: 'first' });
    await writeFile(path.join(server.filesFolder, 'foreign.txt'), 'somebody else’s');
    const file = await upload(server, { name: 'mover.txt', content: 'mine' });

    for (const filename of ['taken.txt', 'foreign.txt']) {
      const response = await patch(file.id, { filename });
      expect(response.status).toBe(409);
      expect((await readProblem(response)).code).toBe('files.name_taken');
    }
    expect(String(await readFile(path.join(server.filesFolder, 'foreign.txt')))).toBe(
      'somebody else’s',
    );
    expect(await patched(file, { tags: ['still'] })).toMatchObject({
      filename: 'mover.txt',
      version: 2,
    });
  });

  it('should change nothing when nothing is new', async () => {
    const file = await upload(server, { name: 'same.txt', tags: ['a'] });

    expect((await patched(file, {})).version).toBe(1);
    expect(
      (await patched(file, { filename: 'same.txt', parentId: null, tags: [' a ', 'a'] })).version,
    ).toBe(1);
  });

  it('should refuse a change, and a deletion, when the caller has seen another version', async () => {
    const file = await upload(server, { name: 'versioned.txt' });
    expect((await patch(file.id, { tags: ['one'] }, { 'If-Match': '"v1"' })).status).toBe(200);

    expect(
      (await readProblem(await patch(file.id, { tags: ['two'] }, { 'If-Match': '"v1"' }))).code,
    ).toBe('files.stale');
    const deletion = await fetch(urlOf(file.id), {
      method: 'DELETE',
      headers: { 'If-Match': '"v1"' },
    });
    expect(deletion.status).toBe(412);
    const nonsense = await patch(file.id, { tags: [] }, { 'If-Match': 'v2' });
    expect((await readProblem(nonsense)).errors?.[0]?.pointer).toBe('#/header/if-match');
  });

  it('should let one of two win when both change the same version', async () => {
    const file = await upload(server, { name: 'contested.txt' });
    const both = await Promise.all(
      ['one.txt', 'two.txt'].map((filename) =>
        patch(file.id, { filename }, { 'If-Match': '"v1"' }),
      ),
    );

    expect(both.filter((response) => response.status === 200).length).toBe(1);
    const names = (await readdir(server.filesFolder)).filter((name) =>
      ['one.txt', 'two.txt', 'contested.txt'].includes(name),
    );
    expect(names.length).toBe(1);
  });

  it.each([
    [{ filename: '' }, '#/filename'],
    [{ filename: '..' }, '#/filename'],
    [{ filename: 'a/b' }, '#/filename'],
    [{ filename: 'a\u0000b' }, '#/filename'],
    [{ filename: '\ud800' }, '#/filename'],
    [{ filename: 'x'.repeat(256) }, '#/filename'],
    [{ filename: '.homeserver' }, '#/filename'],
    [{ tags: ['ok', 'a,b'] }, '#/tags/1'],
    [{ tags: 'holiday' }, '#/tags'],
    [{ tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }, '#/tags'],
    [{ colour: 'red' }, '#/colour'],
    [{ parentId: 'root' }, '#/parentId'],
  ])('should point at the fault when the body is %j', async (body, pointer) => {
    const file = await upload(server, { name: 'faults.txt' });
    const response = await patch(file.id, body);

    expect(response.status).toBe(422);
    expect((await readProblem(response)).errors?.[0]?.pointer).toBe(pointer);
  });

  it('should answer 400 when the body is no JSON', async () => {
    const file = await upload(server, { name: 'json.txt' });
    const response = await fetch(urlOf(file.id), {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    });

    expect(response.status).toBe(400);
    expect((await readProblem(response)).code).toBe('http.malformed');
  });

  it('should take no other file for one that is gone when that one is renamed', async () => {
    const file = await upload(server, { name: 'vanished.txt' });
    await rm(path.join(server.filesFolder, 'vanished.txt'));
    await writeFile(path.join(server.filesFolder, 'of somebody else.txt'), 'theirs');
    const response = await patch(file.id, { filename: 'of somebody else.txt' });

    expect((await readProblem(response)).code).toBe('files.content_missing');
    expect(await patched(file, {})).toMatchObject({ filename: 'vanished.txt' });
    // The index may have learned by now that it is gone.
    const { status } = await fetch(urlOf(file.id), { method: 'DELETE' });
    expect([204, 404]).toContain(status);
    expect(await readdir(server.filesFolder)).toContain('of somebody else.txt');
  });

  it('should make every change of callers that name no version when they come at once', async () => {
    const file = await upload(server, { name: 'busy.txt' });
    const answers = await Promise.all(
      [1, 2, 3].map((tag) => patch(file.id, { tags: [`t${tag}`] })),
    );

    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await patched(file, {})).toMatchObject({ version: 4 });
  });

  it('should take an empty body for none', async () => {
    const file = await upload(server, { name: 'empty body.txt' });
    const response = await fetch(urlOf(file.id), {
      method: 'DELETE',
      headers: { 'Content-Length': '0' },
    });

    expect(response.status).toBe(204);
  });

  it('should answer 415 when the body is something else than JSON', async () => {
    const file = await upload(server, { name: 'text.txt' });
    const response = await fetch(urlOf(file.id), {
      method: 'PATCH',
      headers: { 'Content-Type': 'text/plain' },
      body: '{"tags":["a"]}',
    });

    expect((await readProblem(response)).code).toBe('http.unsupported_media_type');
  });

  it('should delete a file for good', async () => {
    const file = await upload(server, { name: 'deleted.txt' });

    expect((await fetch(urlOf(file.id), { method: 'DELETE' })).status).toBe(204);
    expect(await readdir(server.filesFolder)).not.toContain('deleted.txt');
    for (const call of ['/metadata', '/download'])
      expect((await fetch(urlOf(file.id) + call)).status).toBe(404);
    expect((await fetch(urlOf(file.id), { method: 'DELETE' })).status).toBe(404);
  });

  it('should delete an entry whose bytes are gone already', async () => {
    const file = await upload(server, { name: 'gone.txt' });
    await rm(path.join(server.filesFolder, 'gone.txt'));

    expect((await fetch(urlOf(file.id), { method: 'DELETE' })).status).toBe(204);
  });

  it('should say so, and lose nothing, when a folder has taken the place of a file that is to be deleted', async () => {
    const file = await upload(server, { name: 'now-a-folder' });
    const place = path.join(server.filesFolder, 'now-a-folder');
    await rm(place);
    await mkdir(place);
    await writeFile(path.join(place, 'inside.txt'), 'kept');

    expect((await fetch(urlOf(file.id), { method: 'DELETE' })).status).toBe(409);
    expect(String(await readFile(path.join(place, 'inside.txt')))).toBe('kept');
    // The index may have seen the folder by then: the file is missing, and known all the same.
    const rows = await query(
      server.database.url,
      `select state from file_metadata where id = $1 and state in ('live', 'missing')`,
      [file.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('should refuse to change or delete the root', async () => {
    expect((await patch(rootFolderId, { filename: 'Other' })).status).toBe(409);
    expect((await fetch(urlOf(rootFolderId), { method: 'DELETE' })).status).toBe(409);
  });
});
