import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../../../../test/eventually';
import { read, readProblem } from '../../../../test/files-client';
import { startTestApp, type TestApp } from '../../../../test/test-app';
import {
  beginPatch,
  callTus,
  create,
  head,
  offsetOf,
  patch,
  postCreation,
} from '../../../../test/tus-client';

const MEBIBYTE = 1024 * 1024;

describe('resumable uploads', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const bytesOf = (name: string) => readFile(path.join(server.filesFolder, name));
  const stagedNames = () => readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
  const describeFile = (id: string | null) =>
    read(server, `/api/v1/files/${id}/metadata`, fileMetadataSchema);
  const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  it('should make the file with the last bytes when they come in parts', async () => {
    const content = randomBytes(3 * MEBIBYTE + 7);
    const address = await create(server, content.length, {
      filename: 'in parts ä.bin',
      tags: 'holiday, to print',
      lastModified: '1999-12-31T23:59:59.123Z',
      sha256: sha256Of(content),
    });
    expect(address).toMatch(/^\/api\/v1\/uploads\/[0-9a-f-]{36}$/);

    const first = await patch(server, address, 0, content.subarray(0, MEBIBYTE));
    expect(first.status).toBe(204);
    expect(first.headers.get('upload-offset')).toBe(String(MEBIBYTE));
    expect(first.headers.get('tus-resumable')).toBe('1.0.0');
    expect(Date.parse(first.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    expect(first.headers.get('homeserver-file-id')).toBeNull();
    expect(await offsetOf(server, address)).toBe(MEBIBYTE);

    const last = await patch(server, address, MEBIBYTE, content.subarray(MEBIBYTE));
    expect(last.status).toBe(204);
    const file = await describeFile(last.headers.get('homeserver-file-id'));
    expect(file).toMatchObject({
      filename: 'in parts ä.bin',
      size: content.length,
      sha256: sha256Of(content),
      tags: ['holiday', 'to print'],
      modifiedAt: '1999-12-31T23:59:59.123Z',
    });
    expect((await bytesOf('in parts ä.bin')).equals(content)).toBe(true);
    expect((await stat(path.join(server.filesFolder, 'in parts ä.bin'))).mtime.toISOString()).toBe(
      file.modifiedAt,
    );
    expect(await stagedNames()).toEqual([]);

    const again = await head(server, address);
    expect(again.headers.get('homeserver-file-id')).toBe(file.id);
    expect(again.headers.get('upload-offset')).toBe(String(content.length));
  });

  it.each([
    ['of length 0', ''],
    ['that comes whole with its creation', 'all of it'],
  ])('should make the file at once of an upload %s', async (_, content) => {
    const filename = `whole ${content.length}.txt`;
    const response = await postCreation(
      server,
      content.length,
      { filename, lastModified: '946684799123' },
      content === '' ? undefined : content,
    );

    expect(response.status).toBe(201);
    const id = response.headers.get('homeserver-file-id');
    expect(await describeFile(id)).toMatchObject({
      filename,
      size: content.length,
      modifiedAt: '1999-12-31T23:59:59.123Z',
      contentType: 'text/plain',
    });
    expect(String(await bytesOf(filename))).toBe(content);
    const again = await head(server, response.headers.get('location') ?? '');
    expect(again.headers.get('homeserver-file-id')).toBe(id);
    expect(again.headers.get('cache-control')).toBe('no-store');
    expect(await stagedNames()).toEqual([]);
  });

  it('should go on where a part of it came with the creation', async () => {
    const created = await postCreation(server, 10, { filename: 'begun.txt' }, 'begun');
    const address = created.headers.get('location') ?? '';

    expect(created.status).toBe(201);
    expect(created.headers.get('upload-offset')).toBe('5');
    expect(created.headers.get('homeserver-file-id')).toBeNull();
    expect((await patch(server, address, 5, ' done')).status).toBe(204);
    expect(String(await bytesOf('begun.txt'))).toBe('begun done');
  });

  it('should keep what had come when a connection is cut', async () => {
    const content = randomBytes(2 * MEBIBYTE);
    const address = await create(server, content.length, { filename: 'cut.bin' });
    const socket = await beginPatch(server, address, {
      offset: 0,
      announced: content.length,
      sent: content.subarray(0, 700_000),
    });
    socket.end();
    socket.destroySoon();
    await eventually(async () => expect(await offsetOf(server, address)).toBeGreaterThan(0));

    const offset = await offsetOf(server, address);
    expect(offset).toBeLessThanOrEqual(700_000);
    const rest = await patch(server, address, offset, content.subarray(offset));
    expect(rest.status).toBe(204);
    expect((await describeFile(rest.headers.get('homeserver-file-id'))).sha256).toBe(
      sha256Of(content),
    );
    expect((await bytesOf('cut.bin')).equals(content)).toBe(true);
  });

  it('should answer 409 and change nothing when the offset is another one', async () => {
    const address = await create(server, 10, { filename: 'offset.txt' });
    await patch(server, address, 0, 'abc');

    for (const offset of [0, 2, 4, 10]) {
      const response = await patch(server, address, offset, 'x');
      expect(response.status).toBe(409);
      expect((await readProblem(response)).code).toBe('uploads.offset_conflict');
    }
    expect(await offsetOf(server, address)).toBe(3);
  });

  it('should refuse more than was announced, before and while it comes', async () => {
    const address = await create(server, 4, { filename: 'long.txt' });

    const response = await patch(server, address, 0, 'abcde');
    expect(response.status).toBe(413);
    expect((await readProblem(response)).code).toBe('uploads.too_long');
    expect(await offsetOf(server, address)).toBe(0);
    expect((await patch(server, address, 0, 'abcd')).status).toBe(204);
  });

  it('should end an upload and remove what had come when it is terminated', async () => {
    const address = await create(server, 10, { filename: 'terminated.txt' });
    await patch(server, address, 0, 'abc');
    const stagedName = address.split('/').at(-1);
    expect(await stagedNames()).toContain(stagedName);

    expect((await callTus(server, 'DELETE', address)).status).toBe(204);
    expect(await stagedNames()).not.toContain(stagedName);
    for (const method of ['HEAD', 'DELETE'])
      expect((await callTus(server, method, address)).status).toBe(410);
    expect((await readProblem(await patch(server, address, 3, 'd'))).code).toBe('uploads.gone');
  });
});
