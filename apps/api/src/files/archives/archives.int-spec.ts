import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type Drive, filePageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { readDrive } from '../../../test/drives-client';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem } from '../../../test/files-client';
import { makePerson } from '../../../test/people';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { readZip } from '../../../test/zip-reader';

const isLong = process.env['LONG'] === '1';
const MANY = isLong ? 66_000 : 660;
const LARGE_BYTES = (isLong ? 4608 : 8) * 1024 ** 2;
const MANY_IDS = Array.from({ length: 201 }, () => '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c');
const TIME = new Date('2024-02-29T12:34:57Z');

describe('archives', () => {
  let server: TestApp;
  let client: EntriesClient;
  let outside: string;
  let drive: Drive;
  let archived: Response;
  let archive: Buffer;
  const large = randomBytes(3_000_000);

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    outside = await mkdtemp(path.join(tmpdir(), 'homeserver-archives-'));
    await fillDrive();
    drive = await client.addDrive('Älteres', outside);
    await eventually(async () =>
      expect((await readDrive(server, drive.id)).index.scannedAt).not.toBeNull(),
    );
    archived = await fetch(`${server.url}/api/v1/files/${drive.rootFolderId}/zip`);
    archive = Buffer.from(await archived.arrayBuffer());
  }, 60_000);

  afterAll(async () => {
    await server.close();
    await rm(outside, { recursive: true });
  });

  async function fillDrive(): Promise<void> {
    const at = (name: string) => path.join(outside, name);
    await mkdir(at('empty'));
    await mkdir(at('one/two/three'), { recursive: true });
    await writeFile(at('one/two/three/deep.txt'), 'deep');
    await writeFile(at('large.bin'), large);
    await writeFile(at('Grüße €.txt'), 'hello');
    await utimes(at('Grüße €.txt'), TIME, TIME);
    await writeFile(at('zero'), '');
    await writeFile(at('a\\b:c?.txt'), 'odd');
    await writeFile(at('Same.txt'), 'upper');
    await writeFile(at('same.txt'), 'lower');
    await symlink('/etc/passwd', at('link'));
  }

  async function idOf(filename: string): Promise<string | undefined> {
    const list = `/api/v1/files/list?folderId=${drive.rootFolderId}&limit=1000`;
    const { items } = await read(server, list, filePageSchema);
    return items.find((item) => item.filename === filename)?.id;
  }

  async function zipOf(...filenames: string[]): Promise<Response> {
    const ids = await Promise.all(filenames.map(idOf));
    return fetch(`${server.url}/api/v1/files/zip?ids=${ids.join(',')}`);
  }

  const zipped = async (route: string) =>
    Buffer.from(await (await client.call('GET', route)).arrayBuffer());
  const textsOf = (zip: Buffer) =>
    Object.fromEntries(readZip(zip).map(({ name, content }) => [name, content.toString()]));

  it('should have all that is in the folder, with its times, under names that every system can have', () => {
    const entries = readZip(archive);
    const texts = textsOf(archive);

    expect(archived.headers.get('content-type')).toBe('application/zip');
    expect(archived.headers.get('content-disposition')).toBe(
      `attachment; filename="_lteres.zip"; filename*=UTF-8''%C3%84lteres.zip`,
    );
    expect(texts).toMatchObject({
      'Älteres/': '',
      'Älteres/empty/': '',
      'Älteres/one/': '',
      'Älteres/one/two/three/deep.txt': 'deep',
      'Älteres/Grüße €.txt': 'hello',
      'Älteres/zero': '',
      'Älteres/a_b_c_.txt': 'odd',
    });
    expect(
      Object.entries(texts)
        .filter(([name]) => /\/same/i.test(name))
        .map(([name, text]) => `${name.includes('(2)')} ${text}`)
        .sort(),
    ).toHaveLength(2);
    expect(texts).toHaveProperty(['Älteres/Same.txt']);
    expect(entries.find(({ name }) => name.endsWith('large.bin'))?.content.equals(large)).toBe(
      true,
    );
    expect(entries.find(({ name }) => name.endsWith('€.txt'))?.modifiedAt).toEqual(TIME);
  });

  it('should name what is left out in a list when something is', () => {
    const list = textsOf(archive)['_what is missing.txt'];

    expect(list).toContain('Älteres/link\r\n    It is a symbolic link');
    expect(list).not.toContain('deep.txt');
    expect(archive.includes('root:')).toBe(false);
  });

  it('should have what was selected, once each, and be named after their folder', async () => {
    const response = await zipOf('one', 'zero', 'zero');
    const texts = textsOf(Buffer.from(await response.arrayBuffer()));

    expect(response.headers.get('content-disposition')).toContain('_lteres.zip');
    expect(texts).toEqual({
      'one/': '',
      'one/two/': '',
      'one/two/three/': '',
      'one/two/three/deep.txt': 'deep',
      zero: '',
    });
  });

  it('should name what bears a name of another system, and have what lies beside it', async () => {
    const odd = path.join(outside, 'odd');
    await mkdir(odd);
    await writeFile(path.join(odd, 'b.txt'), 'beside');
    await writeFile(path.join(odd, 'c.txt'), 'beside, too');
    await symlink('b.txt', path.join(odd, 'a link'));
    await writeFile(path.join(odd, 'Icon\r'), 'of another system');
    await eventually(async () => {
      const id = await idOf('odd');
      const { items } = await read(server, `/api/v1/files/list?folderId=${id}`, filePageSchema);
      expect(items).toHaveLength(4);
    });
    const texts = textsOf(Buffer.from(await (await zipOf('odd')).arrayBuffer()));

    expect(texts).toMatchObject({ 'odd/b.txt': 'beside', 'odd/c.txt': 'beside, too' });
    expect(texts['_what is missing.txt']).toContain('a link');
    expect(texts['_what is missing.txt']).toContain('Icon');
  });

  it('should go on and say so when files have gone, or became shorter, meanwhile', async () => {
    const going = path.join(outside, 'going');
    await mkdir(going);
    for (let index = 0; index < 40; index += 1)
      await writeFile(
        path.join(going, `${String(index).padStart(2, '0')}.bin`),
        randomBytes(2_000_000),
      );
    await eventually(async () => {
      const id = await idOf('going');
      const { items } = await read(server, `/api/v1/files/list?folderId=${id}`, filePageSchema);
      expect(items).toHaveLength(40);
    });
    const response = await zipOf('going');
    const reader = response.body?.getReader();
    const pieces = [(await reader?.read())?.value ?? new Uint8Array()];
    await rm(path.join(going, '38.bin'));
    await truncate(path.join(going, '39.bin'), 1_500_000);
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (value !== undefined) pieces.push(value);
      if (done) break;
    }
    const entries = readZip(Buffer.concat(pieces));

    expect(entries.some(({ name }) => name === 'going/38.bin')).toBe(false);
    expect(entries.find(({ name }) => name === 'going/39.bin')?.content.length).toBe(1_500_000);
    expect(entries.at(-1)?.content.toString()).toContain('going/38.bin');
  });

  it('should name, and leave out, what has lost bytes without being written to', async () => {
    const folder = await client.makeFolder('Worn');
    const put = (name: string, bytes: number) =>
      client.uploadTo(folder.id, name, Buffer.alloc(bytes, 'x'));
    const lost = [
      await put('b.bin', 100),
      await put('d.bin', 100_000),
      await put('e.bin', 400_000),
    ];
    for (const name of ['a.bin', 'c.bin', 'f.bin']) await put(name, 100);
    // As the index had them before: what is done to a file is seen at once. It may still look at what came, and set it
    // right.
    const zippedWorn = async (id: string) => {
      await query(
        server.database.url,
        'update file_metadata set size = size + 10 where id = any($1)',
        [lost.map((file) => file.id)],
      );
      return textsOf(await zipped(`files/${id}/zip`));
    };

    await eventually(async () => {
      const texts = await zippedWorn(folder.id);
      expect(Object.keys(texts).sort()).toEqual([
        'Worn/',
        'Worn/a.bin',
        'Worn/c.bin',
        'Worn/f.bin',
        '_what is missing.txt',
      ]);
      const list = texts['_what is missing.txt'];
      for (const name of ['b', 'd', 'e'])
        expect(list).toContain(`Worn/${name}.bin\r\n    It has lost bytes`);
      expect(texts['Worn/f.bin']).toBe('x'.repeat(100));
    });
    await eventually(async () =>
      expect(Object.keys(await zippedWorn(lost[0]?.id ?? ''))).toEqual(['_what is missing.txt']),
    );
  });

  it('should say that there may be more when its folder is deleted meanwhile', async () => {
    const folder = await client.makeFolder('Farewell');
    const below = await client.makeFolder('Later', folder.id);
    await client.uploadTo(below.id, 'inner.txt');
    for (let index = 0; index < 40; index += 1)
      await client.uploadTo(folder.id, `${index}.bin`, randomBytes(2_000_000));
    const response = await fetch(`${server.url}/api/v1/files/${folder.id}/zip`);
    const reader = response.body?.getReader();
    const pieces = [(await reader?.read())?.value ?? new Uint8Array()];
    expect((await client.call('DELETE', `files/${folder.id}`)).status).toBe(204);
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (value !== undefined) pieces.push(value);
      if (done) break;
    }
    const entries = readZip(Buffer.concat(pieces));

    expect(entries.filter(({ name }) => name.endsWith('.bin'))).toHaveLength(40);
    expect(entries.at(-1)?.name).toBe('_what is missing.txt');
    expect(entries.at(-1)?.content.toString()).toContain('Farewell');
  });

  it('should send the headers alone when it is asked by HEAD', async () => {
    const url = `${server.url}/api/v1/files/${drive.rootFolderId}/zip`;
    const response = await fetch(url, { method: 'HEAD' });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
  });

  it('should be 404 for who may not see the drive, and when one of several is absent', async () => {
    const person = await makePerson(server);
    const hidden = await person.browser.get(`/api/v1/files/${drive.rootFolderId}/zip`);
    expect(hidden.status).toBe(404);

    const absent = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';
    const url = `${server.url}/api/v1/files/zip?ids=${await idOf('zero')},${absent}`;
    expect((await readProblem(await fetch(url))).code).toBe('files.not_found');
  });

  it.each([
    ['nothing', ''],
    ['empty', '?ids='],
    ['no ids', '?ids=x'],
    ['of more than an archive takes', `?ids=${MANY_IDS.join('&ids=')}`],
  ])('should be 422 when the selection is %s', async (_, selection) => {
    expect((await fetch(`${server.url}/api/v1/files/zip${selection}`)).status).toBe(422);
  });

  describeNeeding('unzip', 'for Info-ZIP', () => {
    it('should be without fault', async () => {
      const { status, stdout } = await judge('unzip', '-t');
      expect(`${status} ${stdout}`).toContain('No errors detected');
    });
  });

  describeNeeding('bsdtar', 'for libarchive', () => {
    it('should be read from its beginning, as it comes, with the same content', () => {
      const { status, stdout } = spawnSync('bsdtar', ['-xOf', '-', '*large.bin'], {
        input: archive,
        maxBuffer: 10_000_000,
        env: { LC_ALL: 'C.UTF-8' },
      });
      expect(status).toBe(0);
      expect(stdout.equals(large)).toBe(true);
    });
  });

  describeNeeding('python3', 'for Python', () => {
    it('should be without fault', async () => {
      const script =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))';
      const { stdout } = await judge('python3', '-c', script);
      expect(stdout.trim()).toBe(`None ${readZip(archive).length}`);
    });
  });

  async function judge(program: string, ...options: string[]) {
    const file = path.join(server.config.dataDir, 'archive.zip');
    await writeFile(file, archive);
    return spawnSync(program, [...options, file], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  }

  // In the long run of more entries, and of a larger file, than fit into the old format.
  describeNeeding('unzip', 'of many entries and a large file, for Info-ZIP', () => {
    it('should be without fault', async () => {
      const many = path.join(outside, 'many');
      await mkdir(many);
      for (let index = 0; index < MANY; index += 1)
        await (await open(path.join(many, `${index}`), 'w')).close();
      await (await open(path.join(many, 'sparse.bin'), 'w')).truncate(LARGE_BYTES);
      await eventually(async () => {
        const list = `/api/v1/files/list?folderId=${(await idOf('many')) ?? ''}&limit=1`;
        expect((await read(server, list, filePageSchema)).total).toBe(MANY + 1);
      });
      const file = path.join(server.config.dataDir, 'many.zip');
      const response = await zipOf('many');
      await pipeline(Readable.from(response.body ?? []), createWriteStream(file));

      const { stdout } = spawnSync('unzip', ['-t', '-q', file], { encoding: 'utf8' });
      expect(stdout).toContain('No errors detected');
      const { stdout: listed } = spawnSync('unzip', ['-Z1', file], {
        encoding: 'utf8',
        maxBuffer: 10_000_000,
      });
      expect(listed.trim().split('\n')).toHaveLength(MANY + 2);
    }, 600_000);
  });
});
