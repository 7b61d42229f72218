import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload, type UploadOptions } from 'tus-js-client';

import { describeNeeding } from '../../../../test/capabilities';
import { DatabaseProxy } from '../../../../test/database-proxy';
import { read } from '../../../../test/files-client';
import { createTestDatabase } from '../../../../test/test-database';
import { startTestApp, type TestApp } from '../../../../test/test-app';
import { encodeMetadata } from '../../../../test/tus-client';

const MEBIBYTE = 1024 * 1024;

/** The clients that people use. */
describe('clients of resumable uploads', () => {
  let proxy: DatabaseProxy;
  let server: TestApp;

  beforeAll(async () => {
    const database = await createTestDatabase();
    proxy = await DatabaseProxy.start(database.url);
    server = await startTestApp({}, { database: { ...database, url: proxy.url } });
  });

  afterAll(async () => {
    await server.close();
    await proxy.stop();
  });

  const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  async function expectFile(filename: string, content: Buffer): Promise<void> {
    const stored = await readFile(path.join(server.filesFolder, filename));
    expect(stored.equals(content)).toBe(true);
  }

  describe('tus-js-client', () => {
    const metadataOf = (filename: string, content: Buffer) => ({
      filename,
      filetype: 'application/octet-stream',
      sha256: sha256Of(content),
    });

    /** Sends all of it, and resolves to the id of the file. */
    async function send(
      filename: string,
      content: Buffer,
      options: Partial<UploadOptions> = {},
    ): Promise<string> {
      return new Promise((resolve, reject) => {
        const upload = new Upload(content, {
          endpoint: `${server.url}/api/v1/uploads`,
          retryDelays: [100, 500, 1000, 2000, 3000],
          metadata: metadataOf(filename, content),
          onError: reject,
          onSuccess: ({ lastResponse }) =>
            resolve(lastResponse.getHeader('Homeserver-File-Id') ?? ''),
          ...options,
        });
        upload.start();
      });
    }

    it.each<[string, Partial<UploadOptions>]>([
      ['in one part', {}],
      ['in pieces', { chunkSize: MEBIBYTE }],
      [
        'in pieces, the first with the creation',
        { chunkSize: MEBIBYTE, uploadDataDuringCreation: true },
      ],
      ['with its creation', { uploadDataDuringCreation: true }],
      ['by POST alone', { chunkSize: MEBIBYTE, overridePatchMethod: true }],
    ])('should bring a file when it sends it %s', async (how, options) => {
      const content = randomBytes(3 * MEBIBYTE + 5);
      const id = await send(`${how}.bin`, content, options);

      const file = await read(server, `/api/v1/files/${id}/metadata`, fileMetadataSchema);
      expect(file).toMatchObject({ size: content.length, sha256: sha256Of(content) });
      await expectFile(`${how}.bin`, content);
    });

    it('should bring an empty file', async () => {
      const id = await send('empty.bin', Buffer.alloc(0));

      expect(await read(server, `/api/v1/files/${id}/metadata`, fileMetadataSchema)).toMatchObject({
        size: 0,
      });
    });

    it('should go on when all connections are cut in the middle', async () => {
      const content = randomBytes(8 * MEBIBYTE);
      let cuts = 0;
      const id = await send('cut.bin', content, {
        chunkSize: 3 * MEBIBYTE,
        onProgress: (sent) => {
          if (cuts > 3 || sent < (cuts + 1) * 1.5 * MEBIBYTE) return;
          cuts += 1;
          server.app.getHttpServer().closeAllConnections();
        },
      });

      expect(cuts).toBeGreaterThan(1);
      expect(id).not.toBe('');
      await expectFile('cut.bin', content);
    });

    it('should go on when the database is away for a while', async () => {
      const content = randomBytes(4 * MEBIBYTE);
      let isCut = false;
      await send('away.bin', content, {
        chunkSize: MEBIBYTE,
        onChunkComplete: (_size, accepted) => {
          if (isCut || accepted < 2 * MEBIBYTE) return;
          isCut = true;
          proxy.cut();
          setTimeout(() => proxy.mend(), 700);
        },
      });

      expect(isCut).toBe(true);
      await expectFile('away.bin', content);
    });

    it('should be able to pause, go on later by the address alone, and end an upload', async () => {
      const content = randomBytes(3 * MEBIBYTE);
      const address = await new Promise<string>((resolve, reject) => {
        const upload: Upload = new Upload(content, {
          endpoint: `${server.url}/api/v1/uploads`,
          metadata: metadataOf('paused.bin', content),
          chunkSize: MEBIBYTE,
          onError: reject,
          onChunkComplete: () => void upload.abort().then(() => resolve(upload.url ?? '')),
        });
        upload.start();
      });

      await send('', content, { uploadUrl: address, chunkSize: MEBIBYTE });
      await expectFile('paused.bin', content);
      await Upload.terminate(address);
      await expectFile('paused.bin', content);
    });

    it('should tell of a file that is not the one that was announced', async () => {
      const content = randomBytes(1000);
      const wrong = { ...metadataOf('wrong.bin', content), sha256: sha256Of(Buffer.from('else')) };

      await expect(send('wrong.bin', content, { metadata: wrong })).rejects.toThrow(/460/);
    });
  });

  describeNeeding('curl', 'curl', () => {
    const run = promisify(execFile);

    async function curl(...parts: string[]): Promise<string> {
      const { stdout } = await run('curl', ['-sS', '-i', '-H', 'Tus-Resumable: 1.0.0', ...parts]);
      return stdout;
    }

    it('should bring a file in pieces', async () => {
      const content = randomBytes(3 * MEBIBYTE);
      const source = path.join(server.config.dataDir, 'source.bin');
      await writeFile(source, content);
      const metadata = encodeMetadata({ filename: 'curl.bin' });
      const created = await curl(
        ...['-X', 'POST', `${server.url}/api/v1/uploads`],
        ...['-H', `Upload-Length: ${content.length}`, '-H', `Upload-Metadata: ${metadata}`],
      );
      const address = /^location: (\S+)/im.exec(created)?.[1] ?? '';
      expect(created).toMatch(/^HTTP\/1.1 201 /);

      await writeFile(source, content.subarray(0, MEBIBYTE));
      const send = (offset: number) =>
        curl(
          ...['-X', 'PATCH', server.url + address, '--data-binary', `@${source}`],
          ...['-H', 'Content-Type: application/offset+octet-stream'],
          ...['-H', `Upload-Offset: ${offset}`, '-H', 'Expect: 100-continue'],
        );
      expect(await send(0)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 204 /);
      // Nobody is invited to send what is refused.
      expect(await send(0)).toMatch(/^HTTP\/1.1 409 /);
      expect(await curl('--head', server.url + address)).toMatch(/^upload-offset: 1048576\r$/im);
      await writeFile(source, content.subarray(MEBIBYTE));
      expect(await send(MEBIBYTE)).toMatch(/^homeserver-file-id: [0-9a-f-]{36}\r$/im);
      await expectFile('curl.bin', content);
    });

    it('should bring a file in chunks whose length nobody knows', async () => {
      const content = randomBytes(MEBIBYTE);
      const source = path.join(server.config.dataDir, 'chunks.bin');
      await writeFile(source, content);
      const post = (length: number) =>
        curl(
          ...['-X', 'POST', `${server.url}/api/v1/uploads`, '--data-binary', `@${source}`],
          ...['-H', 'Transfer-Encoding: chunked'],
          ...['-H', 'Content-Type: application/offset+octet-stream'],
          ...['-H', `Upload-Length: ${length}`],
          ...['-H', `Upload-Metadata: ${encodeMetadata({ filename: 'chunks.bin' })}`],
        );

      expect(await post(content.length - 1)).toMatch(/HTTP\/1.1 413 /);
      expect(await post(content.length)).toMatch(/^homeserver-file-id: /im);
      await expectFile('chunks.bin', content);
    });
  });
});
