import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Drive } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { readDrive } from '../../../test/drives-client';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { readZip } from '../../../test/zip-reader';

const PAGE = 500;
const BEYOND_32_BITS = new Date('2100-01-01T00:00:00Z');
const IN_32_BITS = new Date('2024-02-29T12:34:57Z');

describe('an archive of small files', () => {
  let server: TestApp;
  let outside: string;
  let drive: Drive;
  let archive: Buffer;
  const contents = new Map<string, Buffer>();

  beforeAll(async () => {
    server = await startTestApp();
    outside = await mkdtemp(path.join(tmpdir(), 'homeserver-archive-groups-'));
    await mkdir(path.join(outside, 'a folder of later'));
    await put('a folder of later/inner.txt', 7);
    for (let index = 0; index <= PAGE; index += 1) await put(`${index}.bin`, index * 100);
    for (const index of [1, 2, 3]) await put(`Große ${index}.bin`, 120 * 1024);
    await utimes(path.join(outside, '7.bin'), BEYOND_32_BITS, BEYOND_32_BITS);
    await utimes(path.join(outside, '8.bin'), IN_32_BITS, IN_32_BITS);
    drive = await new EntriesClient(server).addDrive('Small', outside);
    await eventually(async () =>
      expect((await readDrive(server, drive.id)).index.scannedAt).not.toBeNull(),
    );
    const answer = await fetch(`${server.url}/api/v1/files/${drive.rootFolderId}/zip`);
    archive = Buffer.from(await answer.arrayBuffer());
  }, 60_000);

  afterAll(async () => {
    await server.close();
    await rm(outside, { recursive: true });
  });

  async function put(name: string, size: number): Promise<void> {
    contents.set(`Small/${name}`, randomBytes(size));
    await writeFile(path.join(outside, name), contents.get(`Small/${name}`) ?? '');
  }

  it('should have each with its own content when many are read together, in more than one page', () => {
    const files = readZip(archive).filter(({ name }) => !name.endsWith('/'));

    expect(files.map(({ name }) => name).sort()).toEqual([...contents.keys()].sort());
    for (const { name, content } of files)
      expect({ name, isEqual: contents.get(name)?.equals(content) }).toEqual({
        name,
        isEqual: true,
      });
  });

  it('should have the time of each, but for one that the format does not hold', () => {
    const times = new Map(readZip(archive).map(({ name, modifiedAt }) => [name, modifiedAt]));

    expect(times.get('Small/8.bin')).toEqual(IN_32_BITS);
    expect(times.get('Small/7.bin')).toBeNull();
  });

  describeNeeding('python3', 'for Python', () => {
    it('should be without fault', async () => {
      const file = path.join(server.config.dataDir, 'small.zip');
      await writeFile(file, archive);
      const script =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))';
      const { stdout } = spawnSync('python3', ['-c', script, file], { encoding: 'utf8' });
      expect(stdout.trim()).toBe(`None ${contents.size + 2}`);
    });
  });
});
