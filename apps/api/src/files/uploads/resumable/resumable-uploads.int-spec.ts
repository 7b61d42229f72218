import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../../../../test/eventually';
import { read, readProblem } from '../../../../test/files-client';
import { startTestApp, type TestApp } from '../../../../test/test-app';
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
    expect(again.headers.get('upload-offset')).toBe(String(content.length));
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

  it('should forget an upload, and keep its file, when it is terminated after its end', async () => {
    const created = await postCreation(server, 4, { filename: 'stays.txt' }, 'stay');
    const address = created.headers.get('location') ?? '';

    expect((await callTus(server, 'DELETE', address)).status).toBe(204);
    expect((await head(server, address)).status).toBe(410);
    expect(String(await bytesOf('stays.txt'))).toBe('stay');
  });

  it('should answer the same again when the last part is repeated without bytes', async () => {
    const address = await create(server, 3, { filename: 'repeated.txt' });
    const last = await patch(server, address, 0, 'abc');
    const id = last.headers.get('homeserver-file-id');

    const again = await patch(server, address, 3, '');
    expect(again.status).toBe(204);
    expect(again.headers.get('homeserver-file-id')).toBe(id);
    expect((await patch(server, address, 0, 'abc')).status).toBe(409);
    expect((await patch(server, address, 3, 'd')).status).toBe(413);
  });

  it('should say what it can', async () => {
    const response = await fetch(`${server.url}/api/v1/uploads`, { method: 'OPTIONS' });

    expect(response.status).toBe(204);
    expect(response.headers.get('tus-version')).toBe('1.0.0');
    expect(response.headers.get('tus-extension')).toBe(
      'creation,creation-with-upload,termination,expiration,checksum',
    );
    expect(response.headers.get('tus-checksum-algorithm')).toBe('sha1,sha256,sha512,md5');
    expect(Number(response.headers.get('tus-max-size'))).toBeGreaterThan(2 ** 40);
  });

  it('should answer 412 and do nothing when the version is another one', async () => {
    const address = await create(server, 3, { filename: 'version.txt' });
    const part = { 'Content-Type': PART_TYPE, 'Upload-Offset': '0' };
    for (const version of ['0.2.2', '']) {
      for (const [method, path] of [
        ['POST', ''],
        ['HEAD', address],
        ['PATCH', address],
        ['DELETE', address],
      ] as const) {
        const headers = { ...part, 'Tus-Resumable': version, 'Upload-Length': '1' };
        const response = await callTus(server, method, path, { headers });
        expect(response.status).toBe(412);
        expect(response.headers.get('tus-version')).toBe('1.0.0');
      }
    }
    expect(await offsetOf(server, address)).toBe(0);
  });

  it('should take the method from a header when something on the way knows no PATCH', async () => {
    const address = await create(server, 3, { filename: 'overridden.txt' });
    const override = (method: string) => ({ 'X-HTTP-Method-Override': method });

    const part = { 'Content-Type': PART_TYPE, 'Upload-Offset': '0', ...override('PATCH') };
    const patched = await callTus(server, 'POST', address, { headers: part, body: 'ab' });
    expect(patched.status).toBe(204);
    expect(patched.headers.get('upload-offset')).toBe('2');
    const foreign = { ...override('DELETE'), Origin: 'https://evil.example.org' };
    const refused = await callTus(server, 'GET', address, { headers: foreign });
    expect([refused.status, refused.headers.get('tus-resumable')]).toEqual([403, '1.0.0']);
    const ended = await callTus(server, 'POST', address, { headers: override('DELETE') });
    expect(ended.status).toBe(204);
    expect((await head(server, address)).status).toBe(410);
  });

  it('should answer 415 when bytes come as something else', async () => {
    const address = await create(server, 3, { filename: 'type.txt' });

    for (const type of ['text/plain', 'multipart/form-data; boundary=x']) {
      const headers = { 'Content-Type': type };
      expect((await patch(server, address, 0, { body: 'abc', headers })).status).toBe(415);
    }
    const created = await callTus(server, 'POST', '', {
      headers: {
        'Upload-Length': '1',
        'Upload-Metadata': 'filename YQ==',
        'Content-Type': 'text/plain',
      },
      body: 'x',
    });
    expect(created.status).toBe(415);
    expect(await offsetOf(server, address)).toBe(0);
  });

  describe('with a checksum', () => {
    const checksumOf = (algorithm: string, text: string) => ({
      'Upload-Checksum': `${algorithm} ${createHash(algorithm).update(text).digest('base64')}`,
    });

    it('should check also that of no bytes', async () => {
      const post = (sumOf: string) =>
        callTus(server, 'POST', '', {
          headers: {
            'Upload-Length': '0',
            'Upload-Metadata': encodeMetadata({ filename: 'nothing.txt' }),
            ...checksumOf('sha1', sumOf),
          },
        });
      expect((await post('x')).status).toBe(460);
      expect((await post('')).headers.get('homeserver-file-id')).not.toBeNull();

      const address = await create(server, 3, { filename: 'some.txt' });
      await patch(server, address, 0, 'ab');
      const wrong = { body: '', headers: checksumOf('sha1', 'x') };
      expect((await patch(server, address, 2, wrong)).status).toBe(460);
    });

    it.each(['sha1', 'sha256', 'sha512', 'md5'])(
      'should take what is right by %s',
      async (name) => {
        const address = await create(server, 6, { filename: `${name}.txt` });
        const part = (body: string) => ({ body, headers: checksumOf(name, body) });

        expect((await patch(server, address, 0, part('abc'))).status).toBe(204);
        expect((await patch(server, address, 3, part('def'))).status).toBe(204);
        expect(String(await bytesOf(`${name}.txt`))).toBe('abcdef');
      },
    );

    it('should answer 460 and keep nothing of what is wrong', async () => {
      const content = 'abcdef';
      const address = await create(server, 6, {
        filename: 'damaged.txt',
        sha256: sha256Of(Buffer.from(content)),
      });
      await patch(server, address, 0, 'abc');

      const damaged = await patch(server, address, 3, {
        body: 'dxf',
        headers: checksumOf('sha1', 'def'),
      });
      expect(damaged.status).toBe(460);
      expect(damaged.statusText).toBe('Checksum Mismatch');
      expect((await readProblem(damaged)).code).toBe('uploads.checksum_mismatch');
      expect(await offsetOf(server, address)).toBe(3);

      // What was hashed of the damaged bytes is forgotten as well.
      expect((await patch(server, address, 3, 'def')).status).toBe(204);
      expect(String(await bytesOf('damaged.txt'))).toBe(content);
    });

    it('should keep nothing that could not be checked when the connection is cut', async () => {
      const content = randomBytes(MEBIBYTE);
      const address = await create(server, content.length, { filename: 'unchecked.bin' });
      const socket = await beginPatch(server, address, {
        ...{ offset: 0, announced: content.length, sent: content.subarray(0, 700_000) },
        headers: checksumOf('sha1', 'x'),
      });
      socket.destroySoon();
      await once(socket, 'close');
      await delay(200);

      expect(await offsetOf(server, address)).toBe(0);
    });

    it('should check what comes with the creation, and remember nothing of what is wrong', async () => {
      const before = await stagedNames();
      const headers = { 'Upload-Length': '3', 'Content-Type': PART_TYPE };
      const metadata = { 'Upload-Metadata': encodeMetadata({ filename: 'with creation.txt' }) };
      const post = (sum: Record<string, string>) =>
        callTus(server, 'POST', '', { headers: { ...headers, ...metadata, ...sum }, body: 'abc' });

      expect((await post(checksumOf('md5', 'abd'))).status).toBe(460);
      expect((await post({ 'Upload-Checksum': 'crc32 AAAA' })).status).toBe(400);
      expect(await stagedNames()).toEqual(before);
      expect((await post(checksumOf('md5', 'abc'))).status).toBe(201);
      expect(String(await bytesOf('with creation.txt'))).toBe('abc');
    });
  });

  describe('with a SHA-256 of the whole', () => {
    const wrong = sha256Of(Buffer.from('another one'));

    it('should answer 460 and be gone when it is another one', async () => {
      const address = await create(server, 6, { filename: 'not this.txt', sha256: wrong });
      await patch(server, address, 0, 'abc');
      const last = await patch(server, address, 3, 'def');

      expect(last.status).toBe(460);
      expect((await readProblem(last)).code).toBe('uploads.content_mismatch');
      expect((await head(server, address)).status).toBe(410);
      expect(await readdir(server.filesFolder)).not.toContain('not this.txt');
      expect(await stagedNames()).not.toContain(address.split('/').at(-1));
    });

    it('should answer 460 and keep nothing when all comes with the creation', async () => {
      const before = await stagedNames();
      const metadata = { filename: 'nor this.txt', sha256: wrong };

      expect((await postCreation(server, 3, metadata, 'abc')).status).toBe(460);
      expect((await postCreation(server, 0, metadata)).status).toBe(460);
      expect(await readdir(server.filesFolder)).not.toContain('nor this.txt');
      expect(await stagedNames()).toEqual(before);
    });
  });
});
