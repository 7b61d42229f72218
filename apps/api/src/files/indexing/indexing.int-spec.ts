import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import {
  type Drive,
  drivePageSchema,
  type FileMetadata,
  fileMetadataSchema,
  filePageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const HEARD_WITHIN_MS = 2000;
/** A folder that has just changed is looked at again for so long, also where nothing is heard of it. */
const LOOKED_AT_FOR_MS = 5000;

describe('changes from outside', () => {
  let server: TestApp;
  let drive: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    drive = await eventually(async () => {
      const [found] = (await read(server, '/api/v1/drives', drivePageSchema)).items;
      if (found === undefined) throw new Error('There is no drive.');
      expect(found.index).toMatchObject({ state: 'idle', watching: 'notifications' });
      return found;
    });
  });
  afterAll(() => server.close());

  const list = async (folderId = drive.rootFolderId): Promise<FileMetadata[]> =>
    (await read(server, `/api/v1/files/list?folderId=${folderId}&limit=1000`, filePageSchema))
      .items;
  const find = async (name: string, folderId?: string) =>
    eventually(async () => {
      const entry = (await list(folderId)).find(({ filename }) => filename === name);
      if (entry === undefined) throw new Error(`${name} is not listed.`);
      return entry;
    });
  const at = (...names: string[]) => path.join(server.filesFolder, ...names);

  it('should list a folder and a file when another program puts them there', async () => {
    await mkdir(at('photos/2026'), { recursive: true });
    await writeFile(at('photos/2026/a.txt'), 'hello');

    const photos = await find('photos');
    const year = await find('2026', photos.id);
    expect(await find('a.txt', year.id)).toMatchObject({
      size: 5,
      storagePath: 'photos/2026/a.txt',
    });
  });

  it('should tell the hash and the type of a file, later', async () => {
    await writeFile(at('unnamed'), '%PDF-1.4 something');

    await eventually(async () => {
      expect(await find('unnamed')).toMatchObject({
        contentType: 'application/pdf',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });
  });

  it('should keep ids when folders are renamed, and hear of changes in them afterwards', async () => {
    await mkdir(at('one/inner'), { recursive: true });
    await writeFile(at('one/inner/file.txt'), 'x');
    const one = await find('one');
    const inner = await find('inner', one.id);
    const file = await find('file.txt', inner.id);

    await rename(at('one'), at('two'));
    expect(await find('two')).toMatchObject({ id: one.id });
    await writeFile(at('two/inner/later.txt'), 'y');

    expect(await find('later.txt', inner.id)).toMatchObject({ storagePath: 'two/inner/later.txt' });
    expect(await find('file.txt', inner.id)).toMatchObject({ id: file.id });
  });

  it('should hear of changes in a folder that was made here', async () => {
    const response = await fetch(`${server.url}/api/v1/files/folders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename: 'made here' }),
    });
    const folder = fileMetadataSchema.parse(await response.json());

    await writeFile(at('made here', 'put there.txt'), 'x');

    expect(await find('put there.txt', folder.id)).toMatchObject({
      storagePath: 'made here/put there.txt',
    });
  });

  it('should miss what is removed', async () => {
    await writeFile(at('gone.txt'), 'x');
    await find('gone.txt');

    await rm(at('gone.txt'));

    await eventually(async () => {
      expect((await list()).map(({ filename }) => filename)).not.toContain('gone.txt');
    });
  });

  it('should make nothing of uploads, for they are no changes from outside', async () => {
    const uploaded = await upload(server, { name: 'mine.txt', content: 'mine' });
    await writeFile(at('after.txt'), 'x');
    await find('after.txt');

    expect(await find('mine.txt')).toEqual(uploaded);
    const events = await query(server.database.url, `select type from events where subject = $1`, [
      `files/${uploaded.id}`,
    ]);
    expect(events).toEqual([{ type: 'homeserver.file.created' }]);
  });

  describeNeeding('disk-image', 'on a disk of its own', () => {
    it('should be heard of again when the disk was taken out and put in again at once', async () => {
      const outside = await mkdtemp(path.join(tmpdir(), 'homeserver-again-'));
      const disk = new DiskImage('ext4');
      try {
        disk.mount(outside);
        const added = await new EntriesClient(server).addDrive('Again', outside);
        const stateOf = async () => {
          const { items } = await read(server, '/api/v1/drives', drivePageSchema);
          return items.find(({ id }) => id === added.id)?.index.watching;
        };
        await eventually(async () => expect(await stateOf()).toBe('notifications'));
        disk.unmount();
        disk.mount(outside);

        await writeFile(path.join(outside, 'at once.txt'), 'x');
        await find('at once.txt', added.rootFolderId);
        await delay(LOOKED_AT_FOR_MS);
        // Its watches are dead; that is found out, and they are set anew.
        await eventually(async () => {
          const name = `${performance.now()}.txt`;
          await writeFile(path.join(outside, name), 'x');
          await delay(HEARD_WITHIN_MS);
          const names = (await list(added.rootFolderId)).map(({ filename }) => filename);
          expect(names).toContain(name);
        });
      } finally {
        disk.remove();
        await rm(outside, { recursive: true, force: true });
      }
    }, 120_000);
  });
});
