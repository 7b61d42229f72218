import { execFile } from 'node:child_process';
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { type Drive, driveSchema, type DriveState } from '@homeserver/dto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { eventually } from '../../../test/eventually';
import { upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { nameOfBytes } from '../../platform/filesystem/name-bytes';

const FILES = process.env['LONG'] === '1' ? 200_000 : 2000;
const FILES_IN_FOLDER = 40;
const TAGGED_ONE_IN = 17;
const BYTES_FOR_EACH = 24 * 1024;
const SLASH = Buffer.from('/');

const run = promisify(execFile);

/** What lies on a disk, or what the index says of it: path, then kind and size. */
type Contents = Map<string, string>;

describeNeeding('disk-image', 'a disk that is served while others change it', () =>
  describeNeeding('rsync', 'with all that changes it', changeServedDisk),
);

function changeServedDisk(): void {
  let server: TestApp;
  let disk: DiskImage;
  let place: string;
  let outside: string;
  let drive: Drive;
  /** The files that were tagged: their ids, and what is in them. */
  const tagged = new Map<string, string>();

  beforeAll(async () => {
    outside = await mkdtemp(path.join(tmpdir(), 'homeserver-served-'));
    place = path.join(outside, 'mount');
    await mkdir(place);
    disk = new DiskImage('ext4', FILES * BYTES_FOR_EACH + 64 * 1024 * 1024);
    disk.mount(place);
    await makeTree(place);
    server = await startTestApp();
  });
  afterAll(async () => {
    await server.close();
    disk.remove();
    await rm(outside, { recursive: true, force: true });
  });

  const at = (...names: string[]) => path.join(place, ...names);
  const send = (method: string, address: string, body: unknown) =>
    fetch(server.url + address, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  const indexed = async (): Promise<Contents> => {
    const rows = await query<{ path: string; what: string }>(
      server.database.url,
      `select entry_path(id) as path, case when nature = 'link' then 'link' when kind = 'folder' then 'folder'
         else 'file ' || size end as what
       from file_metadata where drive_id = $1 and parent_id is not null and state = 'live'`,
      [drive.id],
    );
    return new Map(rows.map((row) => [row.path, row.what]));
  };
  const expectIndexToEqualDisk = async () =>
    eventually(async () => {
      const [onDisk, known] = await Promise.all([readDisk(Buffer.from(place)), indexed()]);
      expect(differences(onDisk, known)).toEqual([]);
    });
  const waitForState = async (state: DriveState) =>
    eventually(async () => {
      const rows = await query<{ state: string }>(
        server.database.url,
        `select state from drives where id = $1`,
        [drive.id],
      );
      expect(rows[0]?.state).toBe(state);
    });
  const expectTagsToBeKept = async () =>
    eventually(async () => {
      const rows = await query<{ id: string; path: string }>(
        server.database.url,
        `select id, entry_path(id) as path from file_metadata where drive_id = $1 and state = 'live' and tags = '{kept}'`,
        [drive.id],
      );
      const contents = new Map<string, string>();
      for (const row of rows) contents.set(row.id, await readFile(at(row.path), 'utf8'));
      const lost = [...tagged].filter(([id, content]) => contents.get(id) !== content);
      expect(lost).toEqual([]);
    });

  it('should know every entry when the disk is added as a drive', async () => {
    const response = await send('POST', '/api/v1/drives', { name: 'Media', path: place });
    expect(response.status).toBe(201);
    drive = driveSchema.parse(await response.json());

    await expectIndexToEqualDisk();
  });

  it('should keep tags when they are given', async () => {
    const rows = await query<{ id: string; path: string }>(
      server.database.url,
      `select id, entry_path(id) as path from file_metadata
       where drive_id = $1 and kind = 'file' and nature = 'plain' and size > 0 and filename like 'file %' order by id`,
      [drive.id],
    );
    for (const [index, row] of rows.entries()) {
      if (index % TAGGED_ONE_IN !== 0) continue;
      tagged.set(row.id, await readFile(at(row.path), 'utf8'));
    }
    const response = await send('PATCH', `/api/v1/files/${rows[0]?.id ?? ''}`, { tags: ['kept'] });
    expect(response.status).toBe(200);
    await query(
      server.database.url,
      `update file_metadata set tags = '{kept}', version = version + 1 where id = any ($1) and tags = '{}'`,
      [[...tagged.keys()]],
    );
    await expectTagsToBeKept();
  });

  it('should follow when folders and files are moved and renamed by mv', async () => {
    await run('mv', [at('folder 0'), at('renamed')]);
    await run('mv', [at('folder 1'), at('renamed', 'and moved in')]);
    await run('mv', [at('folder 2', 'file 85.txt'), at('other.txt')]);
    await mkdir(at('new place'));
    await run('mv', [at('folder 3'), at('new place', 'folder 3')]);
    await expectIndexToEqualDisk();

    // What lies in a folder that was moved is heard of, too.
    await writeFile(at('renamed', 'and moved in', 'later.txt'), 'later');
    await writeFile(at('new place', 'folder 3', 'file 120.txt'), 'another, longer content');
    tagged.forEach((content, id) => {
      if (content === contentOf(120)) tagged.delete(id);
    });
    await expectIndexToEqualDisk();
    await expectTagsToBeKept();
  });

  it('should follow when rsync and tar bring files, and rm takes some', async () => {
    const source = path.join(outside, 'source');
    await mkdir(path.join(source, 'album'), { recursive: true });
    for (let number = 0; number < 300; number += 1)
      await writeFile(path.join(source, 'album', `photo ${number}.jpg`), `photo ${number}`);
    await run('tar', ['-cf', path.join(outside, 'album.tar'), '-C', source, 'album']);

    await run('rsync', ['-a', `${source}/`, at('from rsync/')]);
    await mkdir(at('from tar'));
    await run('tar', ['-xf', path.join(outside, 'album.tar'), '-C', at('from tar')]);
    await run('rm', ['-r', at('from rsync', 'album')]);
    await writeFile(path.join(source, 'album', 'photo 7.jpg'), 'changed');
    await run('rsync', [
      '-a',
      '--delete',
      `${path.join(source, 'album')}/`,
      at('from tar', 'album/'),
    ]);
    await rm(at('folder 4', 'file 165.txt'));
    tagged.forEach((content, id) => {
      if (content === contentOf(165)) tagged.delete(id);
    });

    await expectIndexToEqualDisk();
    await expectTagsToBeKept();
  });

  it('should keep all that it knows when the disk is unplugged, and write nothing where it was', async () => {
    const before = await indexed();
    disk.unmount();
    await waitForState('offline');

    expect(await indexed()).toEqual(before);
    await expect(upload(server, { name: 'x.txt', query: `?driveId=${drive.id}` })).rejects.toThrow(
      /503/,
    );
    expect(await readdir(place)).toEqual([]);
  });

  it('should find what was changed on another machine when the disk is plugged in again', async () => {
    const elsewhere = path.join(outside, 'elsewhere');
    await mkdir(elsewhere);
    disk.mount(elsewhere);
    await run('mv', [path.join(elsewhere, 'renamed'), path.join(elsewhere, 'renamed again')]);
    await run('mv', [
      path.join(elsewhere, 'folder 5'),
      path.join(elsewhere, 'renamed again', 'folder 5'),
    ]);
    await writeFile(path.join(elsewhere, 'renamed again', 'brought.txt'), 'brought');
    disk.unmount();

    disk.mount(place);
    await waitForState('online');

    await expectIndexToEqualDisk();
    await expectTagsToBeKept();
  });

  it('should take another disk in the same place for another', async () => {
    disk.unmount();
    const other = new DiskImage('ext4');
    try {
      other.mount(place);
      await writeFile(at('stranger.txt'), 'x');
      await waitForState('replaced');
      expect((await indexed()).has('stranger.txt')).toBe(false);
    } finally {
      other.remove();
    }
    disk.mount(place);
    await waitForState('online');

    await expectIndexToEqualDisk();
    await expectTagsToBeKept();
  });

  it('should hold totals that are those of the disk', async () => {
    await eventually(async () => {
      const rows = await query<{ files: string; bytes: string }>(
        server.database.url,
        `select file_count as files, size as bytes from file_metadata where id = $1`,
        [drive.rootFolderId],
      );
      const files = [...(await readDisk(Buffer.from(place))).values()].filter(
        (what) => what.startsWith('file') || what === 'link',
      );
      const bytes = files.reduce((sum, what) => sum + Number(what.split(' ')[1] ?? 0), 0);
      const linkBytes = await query<{ bytes: string }>(
        server.database.url,
        `select coalesce(sum(size), 0) as bytes from file_metadata where drive_id = $1 and nature = 'link' and state = 'live'`,
        [drive.id],
      );
      expect(rows[0]).toEqual({
        files: String(files.length),
        bytes: String(bytes + Number(linkBytes[0]?.bytes)),
      });
    });
  });
}

function contentOf(number: number): string {
  return `content of file ${number}`;
}

/** A tree with every odd name: see the names below. */
async function makeTree(place: string): Promise<void> {
  for (let number = 0; number < FILES; number += 1) {
    const folder = path.join(place, `folder ${Math.floor(number / FILES_IN_FOLDER)}`);
    if (number % FILES_IN_FOLDER === 0) await mkdir(folder);
    await writeFile(path.join(folder, `file ${number}.txt`), contentOf(number));
  }
  const odd = path.join(place, 'odd');
  await mkdir(path.join(odd, 'deep/er/and/deep/er'), { recursive: true });
  await mkdir(path.join(odd, 'node_modules/left out'), { recursive: true });
  await mkdir(path.join(odd, 'empty'));
  for (const name of [
    'é.txt'.normalize('NFC'),
    'é.txt'.normalize('NFD'),
    'line\nbreak',
    'tab\tand\\backslash',
    ' leading and trailing ',
    'Ünïcödé 日本 😀.txt',
    '.hidden',
    '.DS_Store',
    'a'.repeat(255),
    'quote"and\'apostrophe',
    '-rf',
    '%2e%2e',
  ])
    await writeFile(path.join(odd, name), name);
  await writeFile(
    Buffer.concat([Buffer.from(`${odd}/`), Buffer.from('latin1 caf\xe9', 'latin1')]),
    'x',
  );
  await writeFile(Buffer.concat([Buffer.from(`${odd}/`), Buffer.from([0xff, 0xfe])]), 'x');
  await symlink('/etc', path.join(odd, 'way out'));
  await symlink('nowhere', path.join(odd, 'broken link'));
  await link(path.join(place, 'folder 0', 'file 1.txt'), path.join(odd, 'second name'));
  await run('mkfifo', [path.join(odd, 'pipe')]);
  const socket = createServer().listen(path.join(odd, 'socket'));
  await new Promise((resolve) => socket.once('listening', resolve));
  await new Promise((resolve) => socket.close(resolve));
}

const LEFT_OUT = ['.homeserver', 'lost+found', '.DS_Store', 'node_modules'];

async function readDisk(folder: Buffer, prefix = ''): Promise<Contents> {
  const found: Contents = new Map();
  for (const entry of await readdir(folder, { encoding: 'buffer', withFileTypes: true })) {
    const name = prefix + nameOfBytes(entry.name);
    if (LEFT_OUT.includes(nameOfBytes(entry.name))) continue;
    const place = Buffer.concat([folder, SLASH, entry.name]);
    if (entry.isSymbolicLink()) found.set(name, 'link');
    else if (entry.isFile()) found.set(name, `file ${(await stat(place)).size}`);
    else if (entry.isDirectory()) {
      found.set(name, 'folder');
      for (const [path, what] of await readDisk(place, `${name}/`)) found.set(path, what);
    }
  }
  return found;
}

function differences(onDisk: Contents, known: Contents): string[] {
  const found: string[] = [];
  for (const [name, what] of onDisk)
    if (known.get(name) !== what) found.push(`disk: ${name} is ${what}, index: ${known.get(name)}`);
  for (const name of known.keys()) if (!onDisk.has(name)) found.push(`index alone: ${name}`);
  return found.slice(0, 20);
}
