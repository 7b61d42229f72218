import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  drivePageSchema,
  type FileMetadata,
  fileDetailsSchema,
  fileMetadataSchema,
  jobPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem, upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { FolderTotals } from '../../drives';

describe('folders', () => {
  let server: TestApp;
  let driveId: string;
  let rootFolderId: string;

  beforeAll(async () => {
    server = await startTestApp();
    const [drive] = (await read(server, '/api/v1/drives', drivePageSchema)).items;
    driveId = drive?.id ?? '';
    rootFolderId = drive?.rootFolderId ?? '';
  });

  afterAll(async () => {
    await server.close();
  });

  const place = (...names: string[]) => path.join(server.filesFolder, ...names);

  async function call(method: string, route: string, body?: unknown, headers = {}) {
    return fetch(`${server.url}/api/v1/files/${route}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  const post = (body: unknown) => call('POST', 'folders', body);

  async function make(filename: string, parentId: string | null = null): Promise<FileMetadata> {
    const response = await post({ driveId, parentId, filename });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return fileMetadataSchema.parse(await response.json());
  }

  async function patched({ id }: FileMetadata, body: unknown): Promise<FileMetadata> {
    const response = await call('PATCH', id, body);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return fileMetadataSchema.parse(await response.json());
  }

  const codeOf = async (response: Promise<Response>) => (await readProblem(await response)).code;
  const describeEntry = (id: string) =>
    read(server, `/api/v1/files/${id}/metadata`, fileDetailsSchema);
  const uploadTo = (folder: FileMetadata, name: string, content = 'content') =>
    upload(server, { name, content, query: `?folderId=${folder.id}` });

  /** What a folder holds, as the index keeps it: files, folders, bytes. */
  async function totalsOf({ id }: FileMetadata): Promise<[number | null, number | null, number]> {
    await server.app.get(FolderTotals).settle();
    const { fileCount, folderCount, size } = await describeEntry(id);
    return [fileCount, folderCount, size];
  }

  it('should be made, on the drive too, and bear what is put into them', async () => {
    const album = await make('album');
    const inner = await make('2026', album.id);
    const file = await uploadTo(inner, 'a.txt');

    expect(album).toMatchObject({
      kind: 'folder',
      driveId,
      parentId: rootFolderId,
      storagePath: 'album',
      contentType: null,
      size: 0,
      fileCount: 0,
      version: 1,
    });
    expect(file.storagePath).toBe('album/2026/a.txt');
    expect(String(await readFile(place('album/2026/a.txt')))).toBe('content');
    expect(await totalsOf(album)).toEqual([1, 1, 7]);
    expect((await describeEntry(file.id)).ancestors.map(({ filename }) => filename)).toEqual([
      'Files',
      'album',
      '2026',
    ]);
    const [row] = await query(
      server.database.url,
      `select inode::text, birth_ns is not null as "hasBirth" from file_metadata where id = $1`,
      [inner.id],
    );
    expect(row).toEqual({ inode: String((await stat(place('album/2026'))).ino), hasBirth: true });
  });

  it('should not be made where the name is taken, in the index or on the drive, or cannot be', async () => {
    await make('taken');
    await upload(server, { name: 'taken.txt' });
    await mkdir(place('foreign'));
    const file = await upload(server, { name: 'no-folder.txt' });

    for (const filename of ['taken', 'taken.txt', 'foreign'])
      expect(await codeOf(post({ filename }))).toBe('files.name_taken');
    expect(await codeOf(post({ filename: '.HomeServer' }))).toBe('files.name_reserved');
    expect(await codeOf(post({ filename: 'x', parentId: file.id }))).toBe('files.not_found');
    expect((await post({ filename: 'a/b' })).status).toBe(422);
    expect((await post({ filename: 'x', colour: 'red' })).status).toBe(422);
  });

  it('should not be made by somebody who may only read there, or sees nothing of it', async () => {
    const reader = await Person.arrive(server, 'reader');
    const folder = await make('not for readers');
    const body = { driveId, filename: 'theirs' };

    expect((await reader.call('POST', '/api/v1/files/folders', body)).status).toBe(404);
    await query(
      server.database.url,
      `insert into drive_grants (drive_id, user_id, access) values ($1, $2, 'read')`,
      [driveId, reader.id],
    );
    for (const [method, route, sent] of [
      ['POST', 'folders', body],
      ['PATCH', folder.id, { filename: 'x' }],
      ['DELETE', folder.id, undefined],
    ] as const)
      expect((await reader.call(method, `/api/v1/files/${route}`, sent)).status).toBe(403);
  });

  it('should keep the ids and the tags of all that is in them when they are renamed or moved', async () => {
    const [from, to] = [await make('from'), await make('to')];
    const album = await make('moving', from.id);
    const inner = await make('inner', album.id);
    const file = await uploadTo(inner, 'deep.txt', 'deep content');
    await call('PATCH', file.id, { tags: ['kept'] });
    const renamed = await patched(album, { filename: 'renamed', tags: ['a folder'] });
    expect(renamed).toMatchObject({
      id: album.id,
      storagePath: 'from/renamed',
      version: 2,
      tags: ['a folder'],
    });
    const moved = await patched(album, { parentId: to.id });

    expect(moved).toMatchObject({ id: album.id, storagePath: 'to/renamed', version: 3 });
    expect(await describeEntry(file.id)).toMatchObject({
      storagePath: 'to/renamed/inner/deep.txt',
      tags: ['kept'],
      version: 2,
    });
    expect(String(await readFile(place('to/renamed/inner/deep.txt')))).toBe('deep content');
    expect(await readdir(place('from'))).toEqual([]);
    expect(await totalsOf(from)).toEqual([0, 0, 0]);
    expect(await totalsOf(to)).toEqual([1, 2, 12]);
    expect(await totalsOf(moved)).toEqual([1, 1, 12]);
  });

  it('should say where it came from when one is moved', async () => {
    const folder = await make('told');
    await patched(folder, { filename: 'told again' });
    const events = await query<{ type: string; data: { previous?: unknown } }>(
      server.database.url,
      `select type, data from (select position as n, type, subject, data from events union all
         select id + 1000000, type, subject, data from event_outbox) e where subject = $1 order by n`,
      [`files/${folder.id}`],
    );

    expect(events.map(({ type }) => type)).toEqual([
      'homeserver.file.created',
      'homeserver.file.moved',
    ]);
    expect(events[1]?.data.previous).toEqual({
      driveId,
      parentId: rootFolderId,
      filename: 'told',
    });
  });

  it('should change the case of a name', async () => {
    const folder = await make('letters');
    await uploadTo(folder, 'a.txt');

    expect((await patched(folder, { filename: 'LETTERS' })).storagePath).toBe('LETTERS');
    expect(await readdir(place('LETTERS'))).toEqual(['a.txt']);
  });

  it('should replace nothing when the new name is taken, in the index or on the drive', async () => {
    const folder = await make('mover');
    await uploadTo(folder, 'a.txt');
    await make('in the index');
    await mkdir(place('on the drive'));
    await writeFile(place('on the drive too'), 'theirs');

    for (const filename of ['in the index', 'on the drive', 'on the drive too'])
      expect(await codeOf(call('PATCH', folder.id, { filename }))).toBe('files.name_taken');
    expect(await readdir(place('mover'))).toEqual(['a.txt']);
    expect(await describeEntry(folder.id)).toMatchObject({ filename: 'mover', version: 1 });
    expect(await totalsOf(folder)).toEqual([1, 0, 7]);
  });

  it('should not go into themselves, whichever of two moves comes first', async () => {
    const outer = await make('outer');
    const inner = await make('inner', outer.id);
    for (const parentId of [outer.id, inner.id])
      expect(await codeOf(call('PATCH', outer.id, { parentId }))).toBe('files.into_itself');

    for (let turn = 0; turn < 10; turn += 1) {
      const [one, other] = [await make(`one ${turn}`), await make(`other ${turn}`)];
      const both = await Promise.all([
        call('PATCH', one.id, { parentId: other.id }),
        call('PATCH', other.id, { parentId: one.id }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
    const [circle] = await query(
      server.database.url,
      `with recursive up as (
         select id, parent_id, 0 as depth from file_metadata
         union all select u.id, f.parent_id, depth + 1 from up u join file_metadata f on f.id = u.parent_id where depth < 50
       ) select 1 from up where depth = 50`,
    );
    expect(circle).toBeUndefined();
  });

  it('should ask for the version that the caller has seen', async () => {
    const folder = await make('versioned');
    await patched(folder, { tags: ['new'] });
    const stale = { 'If-Match': '"v1"' };

    expect((await call('PATCH', folder.id, { filename: 'x' }, stale)).status).toBe(412);
    expect((await call('DELETE', folder.id, undefined, stale)).status).toBe(412);
    expect((await call('DELETE', folder.id, undefined, { 'If-Match': '"v2"' })).status).toBe(204);
  });

  it('should go with all that is in them when they are deleted for good, and their bytes soon after', async () => {
    const above = await make('above');
    const folder = await make('doomed', above.id);
    const inner = await make('inner', folder.id);
    const file = await uploadTo(inner, 'a.txt');
    // Known, but no longer on the disk.
    await query(
      server.database.url,
      `update file_metadata set state = 'missing', missing_since = now() where id = $1`,
      [(await uploadTo(inner, 'gone.txt')).id],
    );
    await writeFile(place('above/doomed/not in the index'), 'x');
    expect((await call('DELETE', `${folder.id}?permanent=1`)).status).toBe(204);

    expect(await readdir(place('above'))).toEqual([]);
    for (const { id } of [folder, inner, file])
      expect((await call('GET', `${id}/metadata`)).status).toBe(404);
    expect(
      await query(server.database.url, `select 1 from file_metadata where parent_id = any ($1)`, [
        [folder.id, inner.id],
      ]),
    ).toEqual([]);
    expect(await totalsOf(above)).toEqual([0, 0, 0]);
    await eventually(async () => expect(await readdir(place('.homeserver/removed'))).toEqual([]));
    const { items } = await read(server, '/api/v1/jobs', jobPageSchema);
    expect(items[0]).toMatchObject({ kind: 'delete', title: 'Removal of “doomed”', driveId });
    const told = await query<{ type: string }>(
      server.database.url,
      `select type from (select type, subject from events union all select type, subject from event_outbox) e
       where subject = any ($1) and type = 'homeserver.file.deleted'`,
      [[folder, inner, file].map(({ id }) => `files/${id}`)],
    );
    expect(told).toHaveLength(1);
  });

  it('should keep right what each holds while files come and folders go, all at once', async () => {
    const [left, right] = [await make('left'), await make('right')];
    const folder = await make('pendulum', left.id);
    const uploads = Array.from({ length: 12 }, (_, number) => uploadTo(folder, `${number}.txt`));
    const moves = (async () => {
      for (const parentId of [right.id, left.id, right.id, left.id, right.id])
        await patched(folder, { parentId });
    })();
    const files = await Promise.all(uploads);
    await moves;

    expect((await readdir(place('right/pendulum'))).length).toBe(12);
    expect(new Set(files.map(({ parentId }) => parentId))).toEqual(new Set([folder.id]));
    expect(await totalsOf(left)).toEqual([0, 0, 0]);
    expect(await totalsOf(right)).toEqual([12, 1, 84]);
    await call('DELETE', folder.id);
    expect(await totalsOf(right)).toEqual([0, 0, 0]);
  });

  it('should answer 404, and keep nothing, when the folder is deleted under an upload', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const folder = await make(`vanishing ${turn}`);
      const statuses = await Promise.all([
        ...Array.from({ length: 6 }, (_, number) =>
          uploadTo(folder, `${number}.txt`).then(
            () => 201,
            (error: unknown) => Number(String(error).slice('Error: '.length).slice(0, 3)),
          ),
        ),
        call('DELETE', `${folder.id}?permanent=1`).then(({ status }) => status),
      ]);
      expect(statuses.pop()).toBe(204);
      expect(statuses.filter((status) => ![201, 404].includes(status))).toEqual([]);
    }
    expect(
      await query(
        server.database.url,
        `select 1 from file_metadata f where parent_id is not null
      and not exists (select 1 from file_metadata p where p.id = f.parent_id)`,
      ),
    ).toEqual([]);
    expect(await readdir(place('.homeserver/staging'))).toEqual([]);
  });

  /** As another process leaves it that is in the middle of a write. */
  async function beginElsewhere(id: string, assignments: string): Promise<void> {
    await query(
      server.database.url,
      `update file_metadata set lease_holder = gen_random_uuid(), lease_until = now() + interval '1 hour', ${assignments}
       where id = $1`,
      [id],
    );
  }

  async function end(id: string): Promise<void> {
    await query(
      server.database.url,
      `update file_metadata set state = 'live', lease_holder = null, lease_until = null, staged_name = null,
         source_parent_id = null, source_filename = null where id = $1`,
      [id],
    );
  }

  it('should be neither moved nor deleted while something below is written', async () => {
    const folder = await make('written into');
    const inner = await make('inner', folder.id);
    const file = await uploadTo(inner, 'a.txt');
    await beginElsewhere(file.id, `state = 'committing', staged_name = 'somewhere'`);
    const refused = await Promise.all([
      codeOf(call('PATCH', folder.id, { filename: 'x' })),
      codeOf(call('DELETE', folder.id)),
    ]);
    await end(file.id);

    expect(refused).toEqual(['files.busy', 'files.busy']);
    expect(String(await readFile(place('written into/inner/a.txt')))).toBe('content');
    expect((await patched(folder, { filename: 'written no more' })).version).toBe(2);
  });

  it('should get nothing, and give nothing, while they or one above is moved', async () => {
    const folder = await make('on the way');
    const inner = await make('inner', folder.id);
    const file = await uploadTo(inner, 'a.txt');
    await beginElsewhere(
      folder.id,
      `state = 'moving', source_parent_id = parent_id, source_filename = filename`,
    );
    const refused = await Promise.all([
      codeOf(post({ parentId: inner.id, filename: 'x' })),
      codeOf(call('PATCH', file.id, { filename: 'x' })),
      codeOf(call('PATCH', file.id, { parentId: null })),
      codeOf(call('PATCH', inner.id, { filename: 'x' })),
      codeOf(call('DELETE', file.id)),
    ]);
    await end(folder.id);

    expect(refused).toEqual(Array.from({ length: 5 }, () => 'files.busy'));
    expect((await patched(file, { filename: 'b.txt' })).storagePath).toBe('on the way/inner/b.txt');
  });

  it('should wait with their moves for the intents of those who write into folders, who share them', async () => {
    const folder = await make('waiting');
    const client = new Client({ connectionString: server.database.url });
    await client.connect();
    await client.query('begin');
    await client.query(`select hold_folder($1, $2)`, [rootFolderId, driveId]);
    expect((await post({ filename: 'not waiting' })).status).toBe(201);
    const move = call('PATCH', folder.id, { filename: 'waited' });
    await eventually(async () => {
      const rows = await query(
        server.database.url,
        `select 1 from pg_locks where locktype = 'advisory' and classid = 7210003 and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      expect(rows).toHaveLength(1);
    });
    await client.query('commit');
    await client.end();

    expect((await move).status).toBe(200);
  });

  describe('and what is special about entries', () => {
    const refusalWhen: EntriesClient['refusalWhen'] = (...wish) =>
      new EntriesClient(server).refusalWhen(...wish);

    it('should say where a link points to instead of following it, and act on the link itself', async () => {
      const link = await upload(server, { name: 'a link' });
      await rm(place('a link'));
      await symlink('somewhere/else', place('a link'));
      await eventually(async () => expect((await describeEntry(link.id)).nature).toBe('link'));
      const folder = await make('for links');
      const problem = await readProblem(await call('GET', `${link.id}/download`));
      expect(problem.code).toBe('files.is_link');
      expect(problem.detail).toContain('somewhere/else');

      await patched(link, { filename: 'renamed link', parentId: folder.id });
      expect(await readdir(place('for links'))).toEqual(['renamed link']);
      expect((await call('DELETE', link.id)).status).toBe(204);
      expect(await readdir(place('for links'))).toEqual([]);
    });

    it('should neither move nor delete a folder that another disk is mounted on, nor put anything there', async () => {
      const mount = await make('a mount');
      const folder = await make('a folder');

      for (const refused of [
        () => call('PATCH', mount.id, { filename: 'x' }),
        () => call('DELETE', mount.id),
        () => call('PATCH', folder.id, { parentId: mount.id }),
        () => post({ parentId: mount.id, filename: 'x' }),
      ])
        expect(await refusalWhen(mount.id, 'mount', refused)).toBe('files.is_mount');
      expect((await call('PATCH', mount.id, { tags: ['a disk'] })).status).toBe(200);
    });

    it('should not delete a folder that it cannot look into', async () => {
      const folder = await make('closed');
      const remove = () => call('DELETE', folder.id);

      expect(await refusalWhen(folder.id, 'unreadable', remove)).toBe('files.unreadable');
      expect(await readdir(server.filesFolder)).toContain('closed');
    });
  });
});
