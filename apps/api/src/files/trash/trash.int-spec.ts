import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  emptiedTrashSchema,
  eventPageSchema,
  type FileMetadata,
  type TrashItem,
  trashPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem, upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { FolderTotals } from '../../drives';
import { RecoveryService } from '../recovery/recovery.service';
import { TrashUpkeep } from './trash-upkeep.service';

describe('the trash', () => {
  let server: TestApp;
  let client: EntriesClient;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
  });
  afterAll(() => server.close());

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);
  const inTrash = () => readdir(at('.homeserver', 'trash'));
  const list = async (parameters = ''): Promise<TrashItem[]> =>
    (await read(server, `/api/v1/trash${parameters}`, trashPageSchema)).items;
  const itemOf = async ({ id }: FileMetadata) => (await list()).find((item) => item.id === id);
  const remove = async ({ id }: FileMetadata, parameters = '') =>
    client.call('DELETE', `files/${id}${parameters}`);
  const trash = async (file: FileMetadata) => expect((await remove(file)).status).toBe(204);
  const restore = async ({ id }: FileMetadata) => client.call('POST', `trash/${id}/restore`);
  const restored = async (file: FileMetadata) => client.fileOf(await restore(file), 200);
  const statusOf = async (method: string, place: string) =>
    (await client.call(method, place)).status;
  const contentOf = async ({ id }: FileMetadata) =>
    (await fetch(`${server.url}/api/v1/files/${id}/download`)).text();
  const refusal = async (response: Response) => {
    const { status, code } = await readProblem(response);
    return [status, code];
  };
  const eventsOf = async ({ id }: FileMetadata) => {
    const { items } = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
    return items.filter(({ subject }) => subject === `files/${id}`);
  };
  /** What a drive says that it holds. */
  const totals = async (): Promise<[number, number]> => {
    const { entryCount, usedBytes } = await client.defaultDrive();
    return [entryCount, usedBytes];
  };
  const put = (name: string, content = name, folderId?: string) =>
    upload(server, {
      name,
      content,
      ...(folderId === undefined ? {} : { query: `?folderId=${folderId}` }),
    });

  it('should keep a deleted file with its id and its tags when it is asked back', async () => {
    const file = await put('letter.txt');
    await client.call('PATCH', `files/${file.id}`, { tags: ['home'] });
    const before = await totals();
    await trash(file);

    expect(await inTrash()).toContain(file.id);
    expect(await readdir(at())).not.toContain('letter.txt');
    const item = await itemOf(file);
    expect(item?.file).toMatchObject({
      id: file.id,
      filename: 'letter.txt',
      storagePath: 'letter.txt',
      parentId: file.parentId,
      tags: ['home'],
    });
    const days = Date.parse(item?.expiresAt ?? '') - Date.parse(item?.trashedAt ?? '');
    expect(days).toBe(30 * 24 * 60 * 60 * 1000);
    expect(await totals()).toEqual([before[0] - 1, before[1] - 10]);

    expect(await restored(file)).toMatchObject({
      id: file.id,
      storagePath: 'letter.txt',
      tags: ['home'],
    });
    expect(await contentOf(file)).toBe('letter.txt');
    expect(await itemOf(file)).toBeUndefined();
    expect(await totals()).toEqual(before);
  });

  it('should tell of what goes and comes when somebody follows the events', async () => {
    const file = await put('told.txt');
    await trash(file);
    await restored(file);
    await remove(file, '?permanent=1');

    await eventually(async () => {
      const events = await eventsOf(file);
      expect(events.map(({ type }) => type.replace('homeserver.file.', ''))).toEqual([
        'created',
        'trashed',
        'restored',
        'deleted',
      ]);
      expect(events[1]?.data).toMatchObject({ file: { storagePath: 'told.txt' } });
    });
  });

  it('should hide a folder with all that is in it when that is in the trash', async () => {
    const folder = await client.makeFolder('Journey');
    const below = await client.makeFolder('Day 1', folder.id);
    const file = await put('boat.jpg', 'boat', below.id);
    await client.call('PATCH', `files/${file.id}`, { tags: ['sea'] });
    const before = await totals();
    await trash(folder);

    for (const place of [
      `files/${folder.id}/metadata`,
      `files/${file.id}/metadata`,
      `files/${file.id}/download`,
      `files/list?folderId=${below.id}`,
    ])
      expect([place, await statusOf('GET', place)]).toEqual([place, 404]);
    expect((await client.call('PATCH', `files/${file.id}`, { filename: 'x' })).status).toBe(404);
    expect(await statusOf('DELETE', `files/${file.id}`)).toBe(404);
    expect(await statusOf('POST', `trash/${file.id}/restore`)).toBe(404);
    const found = await client.call('GET', 'files/list?tag=sea');
    expect(await found.json()).toMatchObject({ items: [] });
    expect((await list()).map(({ id }) => id)).toEqual(expect.arrayContaining([folder.id]));
    expect(await itemOf(file)).toBeUndefined();
    expect(await totals()).toEqual([before[0] - 3, before[1] - 4]);

    await restored(folder);
    expect(await contentOf(file)).toBe('boat');
    expect(await totals()).toEqual(before);
    expect(await readFile(at('Journey', 'Day 1', 'boat.jpg'), 'utf8')).toBe('boat');
  });

  it('should lie beside its place when that is taken', async () => {
    const file = await put('note.txt', 'first');
    await trash(file);
    await put('note.txt', 'second');

    expect(await restored(file)).toMatchObject({ filename: 'note (2).txt' });
    expect(await contentOf(file)).toBe('first');
  });

  it('should make the folders again when they are gone, and follow one that was moved', async () => {
    const outer = await client.makeFolder('Outer');
    const inner = await client.makeFolder('Inner', outer.id);
    const [one, two] = [await put('one.txt', '1', inner.id), await put('two.txt', '2', inner.id)];
    await trash(one);
    await trash(two);
    await client.call('PATCH', `files/${inner.id}`, { filename: 'Renamed' });
    expect(await restored(one)).toMatchObject({ storagePath: 'Outer/Renamed/one.txt' });

    await remove(outer, '?permanent=1');
    expect(await restored(two)).toMatchObject({ storagePath: 'Outer/Inner/two.txt' });
    expect(await readFile(at('Outer', 'Inner', 'two.txt'), 'utf8')).toBe('2');
  });

  it('should make the folders again when theirs is on a drive by now that one may only read', async () => {
    const member = await Person.arrive(server, 'reader');
    const { id: driveId } = await client.defaultDrive();
    const place = await mkdtemp(path.join(tmpdir(), 'homeserver-trash-drive-'));
    const other = await client.addDrive('Shared', place);
    await query(
      server.database.url,
      `insert into drive_grants (drive_id, user_id, access) values ($1, $3, 'write'), ($2, $3, 'read')`,
      [driveId, other.id, member.id],
    );
    const folder = await client.makeFolder('Away');
    const file = await put('left.txt', 'left', folder.id);
    await trash(file);
    const to = { driveId: other.id, parentId: null };
    await client.ended(await client.jobOf(await client.call('PATCH', `files/${folder.id}`, to)));
    const response = await fetch(`${server.url}/api/v1/trash/${file.id}/restore`, {
      method: 'POST',
      headers: { Cookie: member.cookie, 'Sec-Fetch-Site': 'same-origin' },
    });

    expect(await client.fileOf(response, 200)).toMatchObject({
      driveId,
      storagePath: 'Away/left.txt',
    });
    await rm(place, { recursive: true });
  });

  it('should have what was renamed outside a moment ago, with all that is known of it', async () => {
    await eventually(async () => {
      const { index } = await client.defaultDrive();
      expect(index).toMatchObject({ state: 'idle', watching: 'notifications' });
    });
    const folder = await client.makeFolder('Album');
    const [one, two] = [await put('1.jpg', '1', folder.id), await put('2.jpg', '2', folder.id)];
    await client.call('PATCH', `files/${one.id}`, { tags: ['sea'] });
    await rename(at('Album'), at('Album 2020'));
    await trash(two);
    await rename(at('Album 2020'), at('Album 2021'));
    await trash(folder);

    expect(await readdir(at())).not.toContain('Album 2021');
    expect(await restored(folder)).toMatchObject({ storagePath: 'Album 2021' });
    expect(await restored(two)).toMatchObject({ storagePath: 'Album 2021/2.jpg' });
    expect(await client.describe(one.id)).toMatchObject({ tags: ['sea'] });
  });

  it('should have nothing of what was removed from the disk a moment ago', async () => {
    const file = await put('removed.txt');
    await rm(at('removed.txt'));
    await trash(file);

    expect(await itemOf(file)).toBeUndefined();
    expect(await statusOf('GET', `files/${file.id}/metadata`)).toBe(404);
  });

  it('should be left once when several take the same out, or delete it, at the same time', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const file = await put(`wanted ${turn}`);
      await trash(file);
      const calls = [restore(file), restore(file), client.call('DELETE', `trash/${file.id}`)];
      const statuses = (await Promise.all(calls)).map(({ status }) => status);

      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      for (const status of statuses) expect([200, 204, 404, 423]).toContain(status);
    }
  });

  it('should delete for good when that is what is asked', async () => {
    const folder = await client.makeFolder('Gone');
    const [file, other] = [await put('in.txt', 'in', folder.id), await put('out.txt')];
    await trash(folder);
    await trash(other);

    expect(await statusOf('DELETE', `trash/${folder.id}`)).toBe(204);
    expect(await statusOf('DELETE', `trash/${other.id}`)).toBe(204);
    expect(await statusOf('DELETE', `trash/${other.id}`)).toBe(404);
    expect(await inTrash()).not.toEqual(expect.arrayContaining([folder.id]));
    await eventually(async () => {
      expect(await readdir(at('.homeserver', 'removed'))).toEqual([]);
      expect((await eventsOf(folder)).at(-1)).toMatchObject({
        type: 'homeserver.file.deleted',
        data: { file: { storagePath: 'Gone' } },
      });
    });
    const rows = await query(server.database.url, 'select 1 from file_metadata where id = $1', [
      file.id,
    ]);
    expect(rows).toEqual([]);
  });

  it('should answer pages when there is much', async () => {
    const files = [await put('p1'), await put('p2'), await put('p3')];
    for (const file of files) await trash(file);
    const first = await read(server, '/api/v1/trash?limit=2', trashPageSchema);
    const cursor = encodeURIComponent(first.nextCursor ?? '');
    const second = await read(server, `/api/v1/trash?limit=2&cursor=${cursor}`, trashPageSchema);

    expect([...first.items, ...second.items].slice(0, 3).map(({ file }) => file.filename)).toEqual([
      'p3',
      'p2',
      'p1',
    ]);
    expect(await statusOf('GET', 'trash?cursor=odd')).toBe(422);
  });

  it('should be empty when it was emptied, whatever lay there', async () => {
    const [first, second] = [await put('e1'), await put('e2')];
    await trash(first);
    await trash(second);
    const emptied = await client.call('DELETE', 'trash');

    expect(emptied.status).toBe(200);
    const { removedCount, jobs } = emptiedTrashSchema.parse(await emptied.json());
    expect(removedCount).toBeGreaterThanOrEqual(2);
    expect(jobs).toEqual([]);
    expect(await list()).toEqual([]);
    expect(await inTrash()).toEqual([]);
  });

  it('should be emptied by a job when much lies there', async () => {
    const folder = await client.makeFolder('Much');
    await mkdir(at('Much', 'In it'));
    for (let made = 0; made < 120; made += 1) await writeFile(at('Much', `${made}`), '');
    await eventually(async () => expect((await client.describe(folder.id)).fileCount).toBe(120));
    await trash(folder);
    const emptied = await client.call('DELETE', 'trash');

    expect(emptied.status).toBe(202);
    expect(emptiedTrashSchema.parse(await emptied.json()).jobs).toHaveLength(1);
    await eventually(async () => expect(await list()).toEqual([]));
  });

  it('should ask a program whether it means it when it deletes very much', async () => {
    const folder = await client.makeFolder('Library');
    await query(server.database.url, 'update file_metadata set file_count = 1500 where id = $1', [
      folder.id,
    ]);
    expect(await refusal(await remove(folder))).toEqual([409, 'files.many_unconfirmed']);
    expect((await remove(folder, '?confirm=many')).status).toBe(204);
    expect(await refusal(await client.call('DELETE', `trash/${folder.id}`))).toEqual([
      409,
      'files.many_unconfirmed',
    ]);
    expect(await refusal(await client.call('DELETE', 'trash'))).toEqual([
      409,
      'files.many_unconfirmed',
    ]);
    expect(await statusOf('DELETE', `trash/${folder.id}?confirm=many`)).toBe(204);
  });

  it.each([
    ['a folder', false, (id: string) => `files/${id}`],
    ['a folder in the trash', true, (id: string) => `trash/${id}`],
    ['all of the trash', true, () => 'trash'],
  ])(
    'should count what has come a moment ago when a program deletes %s',
    async (_, isTrashed, routeOf) => {
      const folder = await client.makeFolder('Growing');
      if (isTrashed) await trash(folder);
      // As uploads into it leave it until they are added up.
      await query(
        server.database.url,
        `insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
         select drive_id, id, 1500, 1500, 0, 0 from file_metadata where id = $1`,
        [folder.id],
      );
      server.app.get(FolderTotals).wake();

      expect(await refusal(await client.call('DELETE', routeOf(folder.id)))).toEqual([
        409,
        'files.many_unconfirmed',
      ]);
      const place = isTrashed ? 'trash' : 'files';
      expect(await statusOf('DELETE', `${place}/${folder.id}?confirm=many`)).toBe(204);
      if (!isTrashed) expect(await statusOf('DELETE', `trash/${folder.id}?confirm=many`)).toBe(204);
    },
  );

  it('should forget the oldest when its time is over, or the trash is full', async () => {
    const [old, fresh] = [await put('old.txt'), await put('fresh.txt')];
    await trash(old);
    await trash(fresh);
    await query(
      server.database.url,
      `update file_metadata set trashed_at = now() - interval '31 days' where id = $1`,
      [old.id],
    );
    await server.app.get(TrashUpkeep).tidy();

    await eventually(async () => expect((await list()).map(({ id }) => id)).toEqual([fresh.id]));
  });

  describe('after a crash', () => {
    /** As the first step of a move leaves it. */
    const begin = async ({ id }: FileMetadata, assignments: string) =>
      query(
        server.database.url,
        `update file_metadata f set state = 'moving', source_parent_id = parent_id, source_filename = filename,
           lease_holder = gen_random_uuid(), lease_until = now() - interval '1 s', ${assignments} where id = $1`,
        [id],
      );
    const INTO = `trash_id = id, trashed_at = now(), filename = id::text,
      parent_id = (select t.id from file_metadata t where t.drive_id = f.drive_id and t.state = 'trash'),
      trashed_from = jsonb_build_object('parentId', parent_id, 'filename', filename, 'folderPath', entry_path(parent_id))`;
    const recover = () => server.app.get(RecoveryService).recover();

    it.each([
      ['file', 'had not moved', false],
      ['file', 'had moved', true],
      ['folder', 'had not moved', false],
      ['folder', 'had moved', true],
    ])('should finish putting a %s there when it %s', async (kind, how, isMoved) => {
      const name = `crashed ${kind} that ${how}`;
      const entry = kind === 'file' ? await put(name) : await client.makeFolder(name);
      const file = kind === 'file' ? entry : await put('in it', name, entry.id);
      await begin(entry, INTO);
      if (isMoved) await rename(at(name), at('.homeserver', 'trash', entry.id));
      await recover();

      expect((await itemOf(entry))?.file).toMatchObject({ storagePath: name });
      expect(await statusOf('GET', `files/${file.id}/metadata`)).toBe(404);
      expect(await readdir(at())).not.toContain(name);
      await restored(entry);
      expect(await contentOf(file)).toBe(name);
    });

    it.each([
      ['had not moved', false],
      ['had moved', true],
    ])('should finish taking a file out when it %s', async (how, isMoved) => {
      const name = `fetched that ${how}`;
      const file = await put(name);
      await trash(file);
      await begin(
        file,
        `filename = trashed_from ->> 'filename', parent_id = (trashed_from ->> 'parentId')::uuid`,
      );
      expect(await statusOf('GET', `files/${file.id}/metadata`)).toBe(404);
      if (isMoved) await rename(at('.homeserver', 'trash', file.id), at(name));
      await recover();

      expect(await itemOf(file)).toBeUndefined();
      expect(await contentOf(file)).toBe(name);
      expect(await inTrash()).not.toContain(file.id);
    });

    it('should leave it in the trash when somebody took its name meanwhile', async () => {
      const file = await put('contested');
      await trash(file);
      await begin(
        file,
        `filename = trashed_from ->> 'filename', parent_id = (trashed_from ->> 'parentId')::uuid`,
      );
      await writeFile(at('contested'), 'theirs');
      await recover();

      expect((await itemOf(file))?.file.storagePath).toBe('contested');
      expect(await readFile(at('contested'), 'utf8')).toBe('theirs');
    });
  });

  it('should say that its bytes are gone when somebody took them out by hand', async () => {
    const file = await put('taken.txt');
    await trash(file);
    await rm(at('.homeserver', 'trash', file.id));

    expect(await refusal(await restore(file))).toEqual([404, 'files.content_missing']);
    expect(await statusOf('DELETE', `trash/${file.id}`)).toBe(204);
  });
});
