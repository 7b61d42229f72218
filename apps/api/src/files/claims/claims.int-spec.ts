import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { claimListSchema, type FileMetadata } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const TIME = 1_700_000_000;

describe('claiming by hand', () => {
  let server: TestApp;
  let client: EntriesClient;
  let made = 0;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
  });
  afterAll(() => server.close());

  const at = (place: string) => path.join(server.filesFolder, place);
  /** A name that no other test has. */
  const newName = (): string => {
    made += 1;
    return `IMG_${made}.jpg`;
  };
  /** What another program puts there, whole at once. */
  const put = async (place: string, content = place, time = TIME) => {
    const coming = at(`.coming-${newName()}`);
    await mkdir(path.dirname(at(place)), { recursive: true });
    await writeFile(coming, content);
    await utimes(coming, time, time);
    await rename(coming, at(place));
    return client.describe(await client.found(place));
  };
  /** Once the index has its hash: what would be claimed by itself was, then. */
  const hashed = async ({ storagePath }: FileMetadata) =>
    eventually(async () => {
      const file = await client.describe(await client.found(storagePath));
      expect(file.sha256).not.toBeNull();
      return file;
    });
  const tag = async ({ id }: FileMetadata, ...tags: string[]) =>
    client.fileOf(await client.call('PATCH', `files/${id}`, { tags }), 200);
  const remove = async (...files: FileMetadata[]) => {
    for (const { storagePath } of files) await rm(at(storagePath));
    for (const { id } of files)
      await eventually(async () => expect(await stateOf(id)).toBe('missing'));
  };
  const stateOf = async (id: string) =>
    (
      await query<{ state: string }>(
        server.database.url,
        'select state from file_metadata where id = $1',
        [id],
      )
    )[0]?.state;
  const claimsOf = async ({ id }: Pick<FileMetadata, 'id'>) =>
    (await read(server, `/api/v1/files/${id}/claims`, claimListSchema)).items;
  const claim = async (came: Pick<FileMetadata, 'id'>, missing: Pick<FileMetadata, 'id'>) =>
    client.call('POST', `files/${came.id}/claims`, { missingId: missing.id });
  const refusal = async (response: Response) => {
    const { status, code } = await readProblem(response);
    return [status, code];
  };
  const eventsOf = async (id: string) =>
    query<{ what: string; by: string | null }>(
      server.database.url,
      `select what, by from (
         select position as place, substr(type, 17) as what, actor_id as by, subject, 1 as log from events
         union all select id, substr(type, 17), actor_id, subject, 2 from event_outbox
       ) e where subject = $1 order by log, place`,
      [`files/${id}`],
    );
  /** A file that is gone, and one that has its name and nothing else. */
  const makePair = async () => {
    const name = newName();
    const gone = await tag(await put(`a/${name}`, 'before'), 'kept');
    await remove(gone);
    return { gone, came: await put(`b/${name.toLowerCase()}`, 'edited since', TIME + 60) };
  };

  it('should give back id, tags and upload date when a person says which of two it is', async () => {
    const name = newName();
    const two = await Promise.all([put(`a/${name}`, name), put(`b/${name}`, name)]);
    const [one, other] = await Promise.all([hashed(two[0]), hashed(two[1])]);
    await tag(one, 'summer', 'sea');
    await tag(other, 'other');
    await remove(one, other);
    const came = await hashed(await put(`c/${name}`, name));
    expect([one.id, other.id]).not.toContain(came.id);
    await tag(came, 'new', 'sea');
    const folder = await client.found('c');
    const totals = await client.totalsOf(folder);

    expect(await claimsOf(came)).toEqual(
      expect.arrayContaining([
        {
          id: one.id,
          filename: name,
          path: `a/${name}`,
          size: one.size,
          modifiedAt: one.modifiedAt,
          missingSince: expect.any(String),
          tags: ['summer', 'sea'],
          reason: 'content',
        },
        expect.objectContaining({ id: other.id, path: `b/${name}`, tags: ['other'] }),
      ]),
    );
    const response = await claim(came, one);
    const etag = response.headers.get('etag');
    const restored = await client.fileOf(response, 200);

    expect(restored).toEqual({
      ...one,
      ancestors: undefined,
      scan: undefined,
      parentId: folder,
      storagePath: `c/${name}`,
      tags: ['summer', 'sea', 'new'],
      version: one.version + 2,
    });
    expect(etag).toBe(`"v${restored.version}"`);
    expect(await client.describe(one.id)).toMatchObject(restored);
    expect(await client.download(one.id)).toBe(name);
    expect(await stateOf(came.id)).toBeUndefined();
    expect(await client.totalsOf(folder)).toEqual(totals);
    expect((await eventsOf(came.id)).at(-1)).toEqual({
      what: 'deleted',
      by: expect.any(String),
    });
    expect((await eventsOf(one.id)).at(-1)).toEqual({ what: 'restored', by: expect.any(String) });
  });

  it('should take the hash of what is there when the content is another', async () => {
    const name = newName();
    const gone = await tag(await hashed(await put(`a/${name}`, 'before')), 'kept');
    await remove(gone);
    const came = await put(`b/${name.toLowerCase()}`, 'edited since', TIME + 60);

    expect(await claimsOf(came)).toMatchObject([{ id: gone.id, reason: 'name' }]);
    const restored = await client.fileOf(await claim(came, gone), 200);

    expect(restored).toMatchObject({ id: gone.id, tags: ['kept'], size: 12 });
    expect((await hashed(restored)).sha256).toBe(
      createHash('sha256').update('edited since').digest('hex'),
    );
  });

  it('should name the best first, and leave out what it cannot be', async () => {
    const name = newName();
    const [same, twin, named, timed, unlike] = await Promise.all([
      put(`a/${name}`, 'the same content').then(hashed),
      put(`twin/${newName()}`, 'the same content', TIME + 1).then(hashed),
      put(`b/É${name}`, 'something else', TIME + 2),
      put(`c/${newName()}`, 'of sixteen bytes', TIME + 3),
      put(`d/${newName()}`, 'nothing alike'),
    ]);
    await remove(same, twin, named, timed, unlike);

    const came = await hashed(await put(`e/e\u0301${name}`, 'the same content', TIME + 3));

    expect((await claimsOf(came)).map(({ id, reason }) => [id, reason])).toEqual(
      expect.arrayContaining([
        [same.id, 'content'],
        [twin.id, 'content'],
      ]),
    );
    expect((await claimsOf(came)).slice(2).map(({ id, reason }) => [id, reason])).toEqual([
      [named.id, 'name'],
      [timed.id, 'size_and_time'],
    ]);
  });

  it('should name nothing when the file was there long before', async () => {
    const { came } = await makePair();
    await query(
      server.database.url,
      `update file_metadata set upload_date = now() - interval '25 hours' where id = $1`,
      [came.id],
    );

    expect(await claimsOf(came)).toEqual([]);
  });

  it('should refuse who may not write there, and tell nothing to who may not see it', async () => {
    const { gone: one, came } = await makePair();
    const person = await Person.arrive(server, 'reader');
    const route = `/api/v1/files/${came.id}/claims`;
    const ask = async () => [
      await refusal(await person.call('GET', route)),
      await refusal(await person.call('POST', route, { missingId: one.id })),
    ];

    expect(await ask()).toEqual([
      [404, 'files.not_found'],
      [404, 'files.not_found'],
    ]);
    await query(
      server.database.url,
      `insert into drive_grants (drive_id, user_id, access) values ($1, $2, 'read')`,
      [came.driveId, person.id],
    );
    expect(await ask()).toEqual([
      [403, 'access.denied'],
      [403, 'access.denied'],
    ]);
    expect(await stateOf(one.id)).toBe('missing');
  });

  it('should refuse what is missing on another drive', async () => {
    const { came } = await makePair();
    const root = await mkdtemp(path.join(tmpdir(), 'homeserver-claims-'));
    await writeFile(path.join(root, 'gone.jpg'), 'x');
    const drive = await client.addDrive('Other', root);
    const find = async () =>
      (
        await query<{ id: string; state: string }>(
          server.database.url,
          `select id, state from file_metadata where drive_id = $1 and filename = 'gone.jpg'`,
          [drive.id],
        )
      )[0];
    await eventually(async () => expect((await find())?.state).toBe('live'));
    await rm(path.join(root, 'gone.jpg'));
    await eventually(async () => expect((await find())?.state).toBe('missing'));

    const gone = { id: (await find())?.id ?? '' };

    expect(await refusal(await claim(came, gone))).toEqual([404, 'files.missing_not_found']);
    expect(await stateOf(gone.id)).toBe('missing');
    await rm(root, { recursive: true });
  });

  it('should refuse what is not missing, or was claimed before', async () => {
    const { gone: one, came } = await makePair();
    const next = await put(`d/${newName()}`);
    expect(await refusal(await claim(came, next))).toEqual([409, 'files.not_missing']);
    expect((await claim(came, one)).status).toBe(200);

    expect(await refusal(await claim(next, one))).toEqual([409, 'files.not_missing']);
    expect(await refusal(await claim(came, one))).toEqual([404, 'files.not_found']);
    expect(await stateOf(next.id)).toBe('live');
  });

  it('should let one have it when two claim the same at once', async () => {
    const { gone: one, came } = await makePair();
    const next = await put(`d/${newName()}`);

    const statuses = (await Promise.all([claim(came, one), claim(next, one)])).map(
      ({ status }) => status,
    );

    expect(statuses.sort()).toEqual([200, 409]);
  });

  it('should refuse a version that is no more, folders, and more tags than one can have', async () => {
    const { gone: one, came } = await makePair();
    const stale = await fetch(`${server.url}/api/v1/files/${came.id}/claims`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'If-Match': '"v7"' },
      body: JSON.stringify({ missingId: one.id }),
    });
    expect(await refusal(stale)).toEqual([412, 'files.stale']);

    const folder = { id: await client.found('b') };
    expect(await refusal(await claim(folder, one))).toEqual([409, 'files.not_a_file']);
    expect(await refusal(await client.call('GET', `files/${folder.id}/claims`))).toEqual([
      409,
      'files.not_a_file',
    ]);

    await tag(came, ...Array.from({ length: 50 }, (_, number) => `tag ${number}`));
    expect(await refusal(await claim(came, one))).toEqual([409, 'files.too_many_tags']);
    expect(await stateOf(came.id)).toBe('live');
  });
});
