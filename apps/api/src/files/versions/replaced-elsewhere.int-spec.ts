import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type FileMetadata, fileVersionPageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { FileCopier } from '../copies/file-copier.service';

const BOUNDARY = 'boundary';

describe('a file that goes to another drive while another content of it is on its way', () => {
  let server: TestApp;
  let client: EntriesClient;
  let place: string;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    place = await mkdtemp(path.join(tmpdir(), 'homeserver-elsewhere-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(place, { recursive: true, force: true });
  });

  const at = (...names: string[]) => path.join(server.filesFolder, ...names);
  const addDrive = async (name: string) =>
    client.addDrive(name, await mkdtemp(path.join(place, 'drive-')));
  const put = (name: string, content: string, folderId: string) =>
    upload(server, { name, content, conflict: 'version', query: `?folderId=${folderId}` });
  const expectAsBefore = async ({ id, sha256 }: FileMetadata, content: string) => {
    expect((await client.describe(id)).sha256).toBe(sha256);
    expect(await client.download(id)).toBe(content);
  };

  it('should stay what it is there when a version is restored', async () => {
    const other = await addDrive('Other');
    const { rootFolderId } = await client.defaultDrive();
    await put('moving.txt', 'first', rootFolderId);
    const file = await put('moving.txt', 'the second', rootFolderId);
    const versions = `/api/v1/files/${file.id}/versions`;
    const [version] = (await read(server, versions, fileVersionPageSchema)).items;
    const copier = server.app.get(FileCopier);
    const stageOpen = copier.stageOpen.bind(copier);
    const whileStaged = jest.spyOn(copier, 'stageOpen').mockImplementation(async (...how) => {
      const staged = await stageOpen(...how);
      whileStaged.mockRestore();
      const to = { driveId: other.id, parentId: null };
      expect((await client.call('PATCH', `files/${file.id}`, to)).status).toBe(200);
      return staged;
    });
    const restore = `files/${file.id}/versions/${version?.id}/restore`;

    expect((await client.call('POST', restore)).status).toBe(423);
    expect(await readdir(at())).not.toContain('moving.txt');
    await expectAsBefore(file, 'the second');
    expect((await client.call('POST', restore)).status).toBe(200);
    expect(await client.download(file.id)).toBe('first');
  });

  it('should stay what it is there when an upload replaces it', async () => {
    const other = await addDrive('Another');
    const folder = await client.makeFolder('Travel');
    const file = await put('x.txt', 'first', folder.id);
    const partOf = (header: string, content: string) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; ${header}\r\n\r\n${content}`;
    const form = new TransformStream<string, string>();
    const writer = form.writable.getWriter();
    const answer = fetch(`${server.url}/api/v1/files/upload?folderId=${folder.id}`, {
      method: 'POST',
      headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: form.readable.pipeThrough(new TextEncoderStream()),
      ...{ duplex: 'half' },
    });
    await writer.write(partOf('name="conflict"', 'version\r\n'));
    // More than what is staged in one go.
    const begun = 'the sec'.repeat(20_000);
    await writer.write(partOf('name="file"; filename="x.txt"', begun));
    await eventually(async () =>
      expect(await readdir(at('.homeserver', 'staging'))).toHaveLength(1),
    );
    const to = { driveId: other.id, parentId: null };
    await client.ended(await client.jobOf(await client.call('PATCH', `files/${folder.id}`, to)));
    await writer.write(`ond\r\n--${BOUNDARY}--\r\n`);
    await writer.close();

    expect((await answer).status).toBe(423);
    await expectAsBefore(file, 'first');
    expect(await readdir(at())).not.toContain('Travel');
  });
});
