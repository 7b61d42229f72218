import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type FileMetadata,
  fileMetadataSchema,
  type Problem,
  problemSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { describeNeeding } from '../../test/capabilities';
import { postUpload, readProblem, upload } from '../../test/files-client';
import { createTestDatabase } from '../../test/test-database';
import { startTestApp, type TestApp } from '../../test/test-app';

const MEBIBYTE = 1024 * 1024;

describeNeeding('mount', 'files on a full disk', () => {
  let server: TestApp;

  beforeAll(async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-full-'));
    await mkdir(path.join(dataDir, 'files'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path.join(dataDir, 'files')]);
    server = await startTestApp({}, { database: await createTestDatabase(), config: { dataDir } });
  });

  afterAll(async () => {
    await server.stop();
    execFileSync('umount', [server.filesFolder]);
    await server.database.drop();
    await rm(server.config.dataDir, { recursive: true });
  });

  /** Sends an upload that does not say how long it is, and more of it until the answer comes. */
  async function postEndlessly(): Promise<{ problem: Problem; sentBytes: number }> {
    return new Promise((resolve, reject) => {
      let sentBytes = 0;
      const call = request(`${server.url}/api/v1/files/upload`, {
        method: 'POST',
        headers: {
          'Content-Type': 'multipart/form-data; boundary=x',
          'Transfer-Encoding': 'chunked',
        },
      });
      let isAnswered = false;
      call.on('response', (response) => {
        isAnswered = true;
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        response.on('end', () => {
          call.destroy();
          resolve({ problem: problemSchema.parse(JSON.parse(text)), sentBytes });
        });
      });
      call.on('error', (error) => (isAnswered ? undefined : reject(error)));
      call.write(
        '--x\r\nContent-Disposition: form-data; name="file"; filename="endless.bin"\r\n\r\n',
      );
      const send = () => {
        if (isAnswered) return;
        sentBytes += MEBIBYTE / 4;
        call.write(Buffer.alloc(MEBIBYTE / 4), send);
      };
      send();
    });
  }

  it('should answer 507 while the rest still comes, and free what was staged', async () => {
    const { problem, sentBytes } = await postEndlessly();

    expect(problem).toMatchObject({ status: 507, code: 'drives.full' });
    expect(sentBytes).toBeLessThan(64 * MEBIBYTE);
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
    expect(await readdir(server.filesFolder)).toEqual(['.homeserver']);
  });

  it('should refuse at once what is announced to be too large, and take what fits', async () => {
    const large = await postUpload(server, {
      name: 'large.bin',
      content: Buffer.alloc(5 * MEBIBYTE),
    });
    expect((await readProblem(large)).code).toBe('drives.full');

    expect(
      (await upload(server, { name: 'small.bin', content: Buffer.alloc(MEBIBYTE) })).size,
    ).toBe(MEBIBYTE);
  });
});

describeNeeding('mount', 'files on a disk that has room, but no inodes', () => {
  let server: TestApp;

  beforeAll(async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-inodes-'));
    await mkdir(path.join(dataDir, 'files'));
    const options = ['-t', 'tmpfs', '-o', 'size=4m,nr_inodes=40', 'tmpfs'];
    execFileSync('mount', [...options, path.join(dataDir, 'files')]);
    server = await startTestApp({}, { database: await createTestDatabase(), config: { dataDir } });
  });

  afterAll(async () => {
    await server.stop();
    execFileSync('umount', [server.filesFolder]);
    await server.database.drop();
    await rm(server.config.dataDir, { recursive: true });
  });

  it('should answer 507, keep what it has, and take more when there are some again', async () => {
    const kept: FileMetadata[] = [];
    let refusal: Response | null = null;
    while (refusal === null) {
      const answer = await postUpload(server, { name: `${kept.length}.txt`, content: 'x' });
      if (answer.status === 201) kept.push(fileMetadataSchema.parse(await answer.json()));
      else refusal = answer;
    }

    expect(await readProblem(refusal)).toMatchObject({ status: 507, code: 'drives.full' });
    expect(kept.length).toBeGreaterThan(10);
    expect((await readdir(server.filesFolder)).sort()).toEqual(
      ['.homeserver', ...kept.map(({ filename }) => filename)].sort(),
    );
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
    const [first] = kept;
    const place = `${server.url}/api/v1/files/${first?.id}?permanent=1`;
    expect((await fetch(place, { method: 'DELETE' })).status).toBe(204);
    expect((await upload(server, { name: 'again.txt', content: 'x' })).size).toBe(1);
  });
});
