import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('downloads', () => {
  let server: TestApp;
  let url: string;
  const content = randomBytes(3 * 1024 * 1024 + 17);

  beforeAll(async () => {
    server = await startTestApp();
    const file = await upload(server, { name: 'Grüße €.bin', content });
    url = `${server.url}/api/v1/files/${file.id}/download`;
  });

  afterAll(async () => {
    await server.close();
  });

  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  it('should send the bytes as an attachment under their name', async () => {
    const response = await fetch(url);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="Gr__e _.bin"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%E2%82%AC.bin`,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it('should send the headers alone when it is asked by HEAD', async () => {
    const response = await fetch(url, { method: 'HEAD' });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect((await bytesOf(response)).length).toBe(0);
  });

  it.each(['bytes=0-9', 'bytes=0-1,50-51', 'bytes=99999999-'])(
    'should pay no heed to the range %s when it is asked by HEAD',
    async (range) => {
      const response = await fetch(url, { method: 'HEAD', headers: { Range: range } });

      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe(String(content.length));
      expect(response.headers.get('content-range')).toBeNull();
    },
  );

  it('should let nothing run when it is shown inline', async () => {
    const page = await upload(server, { name: 'page.html', content: '<script>alert(1)</script>' });
    const response = await fetch(`${server.url}/api/v1/files/${page.id}/download?inline=1`);

    expect(response.headers.get('content-disposition')).toBe('inline; filename="page.html"');
    expect(response.headers.get('content-security-policy')).toContain(
      "sandbox; default-src 'none'",
    );
  });

  it('should let a film be sought in, and nothing run, when it is shown inline', async () => {
    const mp4 = Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'),
      Buffer.alloc(100),
    ]);
    const film = await upload(server, { name: 'film.mp4', content: mp4 });
    const response = await fetch(`${server.url}/api/v1/files/${film.id}/download?inline=1`, {
      headers: { Range: 'bytes=50-' },
    });

    expect(film.contentType).toBe('video/mp4');
    expect(response.status).toBe(206);
    // In a sandbox Chromium's own page for it gets no further parts.
    expect(response.headers.get('content-security-policy')).not.toContain('sandbox');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('should send the part that is asked for', async () => {
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=1048570-1048580', 1048570, 1048581],
      ['bytes=-20', content.length - 20, content.length],
      ['bytes=2000000-', 2000000, content.length],
    ] as const) {
      const response = await fetch(url, { headers: { Range: range } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(
        `bytes ${start}-${end - 1}/${content.length}`,
      );
      expect((await bytesOf(response)).equals(content.subarray(start, end))).toBe(true);
    }
  });

  it('should send several parts as one body when they are asked for', async () => {
    const response = await fetch(url, { headers: { Range: 'bytes=0-9, 2000000-2000009, 5-14' } });
    const type = response.headers.get('content-type') ?? '';
    const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(type)?.[1] ?? '';
    const body = await bytesOf(response);
    const part = (start: number, end: number) =>
      Buffer.concat([
        Buffer.from(
          `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end - 1}/${content.length}\r\n\r\n`,
        ),
        content.subarray(start, end),
        Buffer.from('\r\n'),
      ]);

    expect(response.status).toBe(206);
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect(
      body.equals(
        Buffer.concat([
          part(0, 15),
          part(2_000_000, 2_000_010),
          Buffer.from(`--${boundary}--\r\n`),
        ]),
      ),
    ).toBe(true);
  });

  it('should send the whole file when more parts are asked for than anybody needs', async () => {
    const ranges = Array.from({ length: 17 }, (_, index) => `${index * 100}-${index * 100}`);
    const response = await fetch(url, { headers: { Range: `bytes=${ranges.join(',')}` } });

    expect(response.status).toBe(200);
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it('should break off when the file becomes shorter while it is sent', async () => {
    const place = path.join(server.filesFolder, 'shrinking.bin');
    const size = 64 * 1024 * 1024;
    const file = await upload(server, { name: 'shrinking.bin', content: Buffer.alloc(size, 'x') });
    const response = await fetch(`${server.url}/api/v1/files/${file.id}/download`);
    const reader = response.body?.getReader();
    await reader?.read();
    await truncate(place, 1000);
    const rest = async () => {
      while (!(await reader?.read())?.done);
    };

    expect(response.headers.get('content-length')).toBe(String(size));
    await expect(rest()).rejects.toThrow('terminated');
  });

  it.each([100, 400_000])(
    'should break off when a file of %i bytes has lost some without being written to',
    async (size) => {
      const name = `lost-${size}.bin`;
      const file = await upload(server, { name, content: Buffer.alloc(size, 'x') });
      // As the index had it before: what is done to the file is seen at once.
      await query(server.database.url, 'update file_metadata set size = size + 10 where id = $1', [
        file.id,
      ]);

      await expect(
        fetch(`${server.url}/api/v1/files/${file.id}/download`).then(bytesOf),
      ).rejects.toThrow();
    },
  );

  it('should answer 416 when the part lies outside', async () => {
    const response = await fetch(url, { headers: { Range: `bytes=${content.length}-` } });

    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${content.length}`);
    expect((await readProblem(response)).code).toBe('http.range_unsatisfiable');
  });

  it('should send the whole file when If-Range is of another state of it', async () => {
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? '';
    expect(etag).toBe(`"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`);

    expect((await fetch(url, { headers: { Range: 'bytes=0-1', 'If-Range': etag } })).status).toBe(
      206,
    );
    expect(
      (await fetch(url, { headers: { Range: 'bytes=0-1', 'If-Range': '"other"' } })).status,
    ).toBe(200);
  });

  it('should answer 304 or 412 when the state is, or is not, the one that is named', async () => {
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? '';

    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    expect((await fetch(url, { headers: { 'If-Match': '"other"' } })).status).toBe(412);
    expect((await fetch(url, { headers: { 'If-Match': etag } })).status).toBe(200);
  });

  it('should send a file of no bytes', async () => {
    const empty = await upload(server, { name: 'empty.txt', content: '' });
    const own = `${server.url}/api/v1/files/${empty.id}/download`;

    for (const response of [
      await fetch(own),
      await fetch(own, { headers: { Range: 'bytes=-5' } }),
    ]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe('0');
    }
  });

  it('should tell another state when the file was changed outside', async () => {
    const file = await upload(server, { name: 'changed.txt', content: 'before' });
    const own = `${server.url}/api/v1/files/${file.id}/download`;
    const before = (await fetch(own)).headers.get('etag');
    await writeFile(path.join(server.filesFolder, 'changed.txt'), 'after it');
    const response = await fetch(own);

    expect(await response.text()).toBe('after it');
    expect(response.headers.get('etag')).not.toBe(before);
  });

  it('should answer 404 without leading out when a link or nothing lies in its place', async () => {
    const secret = path.join(server.config.dataDir, 'secret.txt');
    await writeFile(secret, 'a secret');
    const place = path.join(server.filesFolder, 'swapped.txt');
    const file = await upload(server, { name: 'swapped.txt', content: 'mine' });
    await rm(place);
    // The index may have seen it before: then the file is as good as gone.
    const expectNone = async () => {
      const response = await fetch(`${server.url}/api/v1/files/${file.id}/download`);
      expect(response.status).toBe(404);
      const { code } = await readProblem(response);
      expect(['files.content_missing', 'files.not_found']).toContain(code);
    };

    await expectNone();
    await symlink(secret, place);
    await expectNone();
    await rm(place);
    await mkdir(place);
    await expectNone();
  });

  it.each([
    ['0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c', 404],
    ['not-an-id', 422],
    ['%00', 422],
  ])('should answer for the id %s with %i', async (id, status) => {
    expect((await fetch(`${server.url}/api/v1/files/${id}/download`)).status).toBe(status);
  });

  it('should go on serving when readers leave in the middle', async () => {
    const leaving = Array.from({ length: 5 }, async () => {
      const response = await fetch(url);
      await response.body?.cancel();
    });
    await Promise.all(leaving);

    expect((await bytesOf(await fetch(url))).equals(content)).toBe(true);
  });
});
