import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { drivePageSchema, fileMetadataSchema, knownFilesSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { read, readProblem, upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const LARGE = Buffer.alloc(1_048_576, 'x');

describe('what is there already', () => {
  let server: TestApp;
  let rootFolderId: string;

  beforeAll(async () => {
    server = await startTestApp();
    const [drive] = (await read(server, '/api/v1/drives', drivePageSchema)).items;
    rootFolderId = drive?.rootFolderId ?? '';
  });

  afterAll(async () => {
    await server.close();
  });

  const known = (query: string) => read(server, `/api/v1/files/known?${query}`, knownFilesSchema);

  async function open(filename: string, parentId: string | null = null) {
    const response = await fetch(`${server.url}/api/v1/files/folders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ parentId, filename, conflict: 'use' }),
    });
    return response;
  }

  it('should find a large file by its size and name, wherever it lies, when its bytes are about to be sent', async () => {
    const large = await upload(server, { name: 'large.bin', content: LARGE });
    await upload(server, { name: 'other.bin', content: LARGE });
    const { items } = await known(`size=${LARGE.length}&filename=large.bin`);
    expect(items).toMatchObject([{ id: large.id, sha256: large.sha256 }]);
    expect((await known(`size=${LARGE.length}`)).items).toHaveLength(2);
    expect((await known(`size=${LARGE.length + 1}`)).items).toEqual([]);
  });

  it('should find small files only when their folder is given', async () => {
    const small = await upload(server, { name: 'small.txt', content: 'seven b' });
    expect((await known('size=7')).items).toEqual([]);
    expect((await known(`size=7&folderId=${rootFolderId}`)).items).toMatchObject([
      { id: small.id },
    ]);
  });

  it('should find nothing whose bytes have gone bad, in place of which those that are sent may be right', async () => {
    const file = await upload(server, { name: 'bad.bin', content: LARGE });
    const found = () => known(`size=${LARGE.length}&filename=bad.bin`);
    expect((await found()).items).toHaveLength(1);
    await query(
      server.database.url,
      `update file_metadata set corrupted_at = now() where id = $1`,
      [file.id],
    );
    expect((await found()).items).toEqual([]);
    const inFolder = `size=${LARGE.length}&filename=bad.bin&folderId=${rootFolderId}`;
    expect((await known(inFolder)).items).toEqual([]);
  });

  it('should answer nothing of drives when the caller may not see them', async () => {
    await upload(server, { name: 'hidden.bin', content: LARGE });
    const other = await Person.arrive(server, 'berta');
    const response = await other.get(`/api/v1/files/known?size=${LARGE.length}`);
    expect(knownFilesSchema.parse(await response.json()).items).toEqual([]);
    const inFolder = await other.get(`/api/v1/files/known?size=7&folderId=${rootFolderId}`);
    expect(inFolder.status).toBe(404);
  });

  it('should use a folder when it is there, though others make it at the same time', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => open('Photos')));
    const retried = await open('Photos');
    const { id } = fileMetadataSchema.parse(await retried.json());
    expect(retried.status).toBe(200);
    for (const answer of answers) {
      if (answer.status === 423) continue;
      expect([200, 201]).toContain(answer.status);
      expect(fileMetadataSchema.parse(await answer.json()).id).toBe(id);
    }
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('should use a folder when another program has just made it on the drive', async () => {
    await mkdir(path.join(server.filesFolder, 'From outside'));
    const answer = await open('From outside');
    expect(answer.status).toBe(200);
  });

  it('should answer 409 when a file has the name of the folder', async () => {
    await writeFile(path.join(server.filesFolder, 'a file'), 'x');
    const answer = await open('a file');
    expect((await readProblem(answer)).code).toBe('files.name_taken');
  });
});
