import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Drive, FileMetadata } from '@homeserver/dto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const EXAMPLE = path.resolve(import.meta.dirname, '../../../../../deploy/nginx.conf');
const ODD_NAME = `50% off? #1 & "more" – größer.txt`;

describeNeeding('nginx', 'downloads that nginx sends, by the example in deploy', () => {
  let server: TestApp;
  let drive: Drive;
  let folder: string;
  let nginx: ChildProcess;
  let proxyUrl: string;
  let file: FileMetadata;
  const content = randomBytes(2_000_003);

  beforeAll(async () => {
    server = await startTestApp({ accelRedirect: '/accel/' });
    drive = await new EntriesClient(server).defaultDrive();
    file = await upload(server, { name: ODD_NAME, content });
    folder = await mkdtemp(path.join(tmpdir(), 'homeserver-nginx-'));
    const port = await freePort();
    proxyUrl = `http://127.0.0.1:${port}`;
    await writeFile(path.join(folder, 'nginx.conf'), await configuration(port));
    await chmod(server.config.dataDir, 0o711);
    nginx = spawn('nginx', ['-c', path.join(folder, 'nginx.conf'), '-p', folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually(async () => expect((await fetch(`${proxyUrl}/health`)).status).toBe(200));
  }, 60_000);

  afterAll(async () => {
    nginx.kill('SIGTERM');
    if (nginx.exitCode === null) await once(nginx, 'exit');
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function freePort(): Promise<number> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    listener.close();
    if (address === null || typeof address === 'string') throw new Error('No port.');
    return address.port;
  }

  /** The example as somebody fills it in. */
  async function configuration(port: number): Promise<string> {
    const example = (await readFile(EXAMPLE, 'utf8'))
      .replace('listen 80;', `listen 127.0.0.1:${port};`)
      .replace('127.0.0.1:8000', new URL(server.url).host)
      .replace('00000000-0000-0000-0000-000000000000', drive.id)
      .replace('/mnt/archive/', `${server.filesFolder}/`);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ');
    return `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''} pid ${folder}/pid; error_log ${folder}/log;
      events {} http { access_log off; ${paths} ${example} }`;
  }

  const get = (id: string, query = '', headers: Record<string, string> = {}) =>
    fetch(`${proxyUrl}/api/v1/files/${id}/download${query}`, { headers });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  it('should hand over the bytes, and answer as HomeServer itself does', async () => {
    const handed = await fetch(`${server.url}/api/v1/files/${file.id}/download`);
    const response = await get(file.id);

    expect(handed.headers.get('x-accel-redirect')).toBe(
      `/accel/${drive.id}/50%25%20off%3F%20%231%20%26%20%22more%22%20%E2%80%93%20gr%C3%B6%C3%9Fer.txt`,
    );
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).equals(content)).toBe(true);
    expect(response.headers.get('x-accel-redirect')).toBeNull();
    for (const name of [
      'etag',
      'last-modified',
      'content-disposition',
      'content-type',
      'content-security-policy',
      'x-content-type-options',
      'cache-control',
    ])
      expect([name, response.headers.get(name)]).toEqual([name, handed.headers.get(name)]);
  });

  it('should give parts, for the state of the file that is meant', async () => {
    const etag = (await get(file.id)).headers.get('etag') ?? '';
    const part = await get(file.id, '', { Range: 'bytes=1000-1999', 'If-Range': etag });
    const other = await get(file.id, '', { Range: 'bytes=1000-1999', 'If-Range': '"other"' });
    const several = await get(file.id, '', { Range: 'bytes=0-1,50-51' });

    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${content.length}`);
    expect((await bytesOf(part)).equals(content.subarray(1000, 2000))).toBe(true);
    expect(other.status).toBe(200);
    expect(several.headers.get('content-type')).toContain('multipart/byteranges');
    for (const response of [other, several]) await response.body?.cancel();
  });

  it('should keep to the conditions of the request', async () => {
    const etag = (await get(file.id)).headers.get('etag') ?? '';

    expect((await get(file.id, '', { 'If-None-Match': etag })).status).toBe(304);
    expect((await get(file.id, '', { 'If-None-Match': '"other"' })).status).toBe(200);
    expect((await get(file.id, '', { 'If-Match': etag })).status).toBe(200);
    expect((await get(file.id, '', { 'If-Match': '"other"' })).status).toBe(412);
  });

  it('should send what may act in a page by itself when it is shown inline', async () => {
    const page = await upload(server, { name: 'page.html', content: '<script>1</script>' });
    const picture = await upload(server, {
      name: 'dot.gif',
      content: Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'),
    });
    const shown = (id: string) => fetch(`${server.url}/api/v1/files/${id}/download?inline=1`);

    expect((await shown(page.id)).headers.get('x-accel-redirect')).toBeNull();
    expect((await shown(picture.id)).headers.get('x-accel-redirect')).not.toBeNull();
    expect((await get(picture.id, '?inline=1')).headers.get('content-security-policy')).toContain(
      'sandbox',
    );
  });

  it('should send what has lost bytes without being written to by itself, and break off', async () => {
    const lost = await upload(server, { name: 'lost.bin', content: Buffer.alloc(400_000, 'x') });
    // As the index had it before: what is done to the file is seen at once. It may still look at what came, and set it
    // right.
    const wear = () =>
      query(server.database.url, 'update file_metadata set size = size + 10 where id = $1', [
        lost.id,
      ]);
    const whole = async (response: Response) => [response.status, (await bytesOf(response)).length];
    const own = () => fetch(`${server.url}/api/v1/files/${lost.id}/download`);

    await eventually(async () => {
      await wear();
      await expect(own().then(whole)).rejects.toThrow();
    });
    // nginx breaks off too, or answers 502 where nothing had come yet.
    await eventually(async () => {
      await wear();
      expect((await get(lost.id).then(whole, () => [502]))[0]).toBe(502);
    });
  });

  it('should let nobody have what HomeServer has not said that they may', async () => {
    const at = `/accel/${drive.id}/${encodeURIComponent(ODD_NAME)}`;
    const anonymous = { Authorization: 'Bearer hs_wrong' };

    expect((await fetch(proxyUrl + at)).status).toBe(404);
    expect((await get(file.id, '', anonymous)).status).toBe(401);
  });

  it('should follow no link that took the place of a folder', async () => {
    await mkdir(path.join(folder, 'secret'));
    await writeFile(path.join(folder, 'secret', 'a.txt'), 'secret');
    const client = new EntriesClient(server);
    const album = await client.makeFolder('album');
    const inside = await client.uploadTo(album.id, 'a.txt', 'mine');
    await rm(path.join(server.filesFolder, 'album'), { recursive: true });
    await symlink(path.join(folder, 'secret'), path.join(server.filesFolder, 'album'));

    expect((await get(inside.id)).status).toBe(404);
  });
});
