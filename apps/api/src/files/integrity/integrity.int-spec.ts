import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
  corruptedPageSchema,
  type Drive,
  eventPageSchema,
  type FileMetadata,
  fileVersionPageSchema,
  jobPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { damage } from '../../../test/damage';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem, upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { IntegrityUpkeep } from './integrity-upkeep.service';
import { VerificationStore } from './verification-store.repository';

describe('the integrity of files', () => {
  let server: TestApp;
  let client: EntriesClient;
  let drive: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    drive = await client.defaultDrive();
  });
  afterAll(() => server.close());

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);
  const put = (name: string, content = name) => upload(server, { name, content });
  const list = async (parameters = '') =>
    (await read(server, `/api/v1/files/corrupted${parameters}`, corruptedPageSchema)).items;
  const eventsOf = async ({ id }: FileMetadata) => {
    const { items } = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
    return items.filter(({ subject }) => subject === `files/${id}`).map(({ type }) => type);
  };
  const etagOf = async ({ id }: FileMetadata) =>
    (await client.call('HEAD', `files/${id}/download`)).headers.get('etag');
  const verify = async (place = `drives/${drive.id}`) => {
    const job = await client.jobOf(await client.call('POST', `${place}/verification`));
    return client.ended(job);
  };
  const verifiedAt = async ({ id }: FileMetadata) => {
    const [row] = await query<{ at: Date | null }>(
      server.database.url,
      `select verified_at as at from file_metadata where id = $1`,
      [id],
    );
    return row?.at ?? null;
  };

  it('should tell of a file whose bytes are others when nobody has written to it', async () => {
    const sound = await put('sound.txt');
    const rotten = await put('rotten.txt', 'the tide was high');
    damage(at('rotten.txt'));
    const damaged = readFileSync(at('rotten.txt'));

    expect(await verify()).toMatchObject({ state: 'done', kind: 'integrity' });
    const { corruptedAt, version, sha256 } = await client.describe(rotten.id);
    expect(corruptedAt).not.toBeNull();
    expect({ version, sha256 }).toEqual({ version: rotten.version + 1, sha256: rotten.sha256 });
    expect((await client.describe(sound.id)).corruptedAt).toBeNull();
    const [tagOfSound, tagOfRotten] = [await etagOf(sound), await etagOf(rotten)];
    expect(tagOfSound).toBe(`"${sound.sha256?.slice(0, 32)}"`);
    expect(tagOfRotten).not.toContain(sha256?.slice(0, 32));
    expect(await verifiedAt(sound)).not.toBeNull();
    expect((await list()).map(({ file }) => file.id)).toEqual([rotten.id]);
    await eventually(async () =>
      expect(await eventsOf(rotten)).toContain('homeserver.file.corrupted'),
    );
    expect(await client.defaultDrive()).toMatchObject({
      corruptedCount: 1,
      attention: { reason: 'corrupted', corruptedCount: 1 },
    });
    expect(readFileSync(at('rotten.txt'))).toEqual(damaged);

    await verify();
    const events = await eventsOf(rotten);
    expect(events.filter((type) => type === 'homeserver.file.corrupted')).toHaveLength(1);
  });

  it('should take back what it said when the right bytes are there again', async () => {
    const file = await put('healed.txt');
    damage(at('healed.txt'));
    await verify(`files/${file.id}`);
    expect((await client.describe(file.id)).corruptedAt).not.toBeNull();
    damage(at('healed.txt'));
    await verify(`files/${file.id}`);

    expect((await client.describe(file.id)).corruptedAt).toBeNull();
    await eventually(async () =>
      expect((await eventsOf(file)).at(-1)).toBe('homeserver.file.changed'),
    );
  });

  it('should take an edit from outside for a new content when its time tells', async () => {
    const file = await put('edited.txt', 'before');
    await writeFile(at('edited.txt'), 'behind');
    await verify();
    await eventually(async () => {
      const { sha256, corruptedAt } = await client.describe(file.id);
      expect([sha256 === null, sha256 === file.sha256, corruptedAt]).toEqual([false, false, null]);
    });
    expect(await eventsOf(file)).not.toContain('homeserver.file.corrupted');
  });

  it('should forget that a file was corrupted when it gets another content', async () => {
    const file = await put('replaced.txt', 'before');
    damage(at('replaced.txt'));
    await verify(`files/${file.id}`);
    expect((await client.describe(file.id)).corruptedAt).not.toBeNull();
    writeFileSync(at('replaced.txt'), 'a new content');

    await eventually(async () => {
      const { corruptedAt, sha256 } = await client.describe(file.id);
      expect(corruptedAt).toBeNull();
      expect(sha256).not.toBeNull();
    });
    expect(await verifiedAt(file)).not.toBeNull();
  });

  it('should read what is in the trash when it reads all', async () => {
    const folder = await client.makeFolder('Old');
    const file = await client.uploadTo(folder.id, 'old.txt', 'of the old days');
    expect((await client.call('DELETE', `files/${folder.id}`)).status).toBe(204);
    damage(at('.homeserver', 'trash', folder.id, 'old.txt'));
    await verify();

    expect(await list()).toContainEqual(
      expect.objectContaining({
        isTrashed: true,
        file: expect.objectContaining({ id: file.id, filename: 'old.txt' }),
      }),
    );
  });

  it('should read earlier contents, and tell which is corrupted, when it reads all', async () => {
    const file = await put('letter.txt', 'the first');
    await upload(server, { name: 'letter.txt', content: 'the second', conflict: 'version' });
    const { items } = await read(
      server,
      `/api/v1/files/${file.id}/versions`,
      fileVersionPageSchema,
    );
    const [version] = items;
    expect(version).toMatchObject({ corruptedAt: null });
    damage(at('.homeserver', 'versions', file.id, version?.id ?? ''));
    await verify();

    expect(await list()).toContainEqual(
      expect.objectContaining({
        versionId: version?.id,
        file: expect.objectContaining({ id: file.id, corruptedAt: null }),
      }),
    );
    const { items: again } = await read(
      server,
      `/api/v1/files/${file.id}/versions`,
      fileVersionPageSchema,
    );
    expect(again[0]?.corruptedAt).not.toBeNull();
    await eventually(async () => {
      const page = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
      expect(page.items).toContainEqual(
        expect.objectContaining({
          type: 'homeserver.file.corrupted',
          data: expect.objectContaining({ versionId: version?.id }),
        }),
      );
    });
  });

  it('should know that a file is whole again when the right one replaces it', async () => {
    const file = await put('again.txt', 'as it was');
    damage(at('again.txt'));
    await verify(`files/${file.id}`);
    expect((await client.describe(file.id)).corruptedAt).not.toBeNull();
    await upload(server, { name: 'again.txt', content: 'as it was', conflict: 'version' });

    expect((await client.describe(file.id)).corruptedAt).toBeNull();
    const { items } = await read(
      server,
      `/api/v1/files/${file.id}/versions`,
      fileVersionPageSchema,
    );
    expect(items).toMatchObject([{ corruptedAt: expect.any(String) }]);
  });

  it('should say nothing when the file is elsewhere by then', async () => {
    const file = await put('gone.txt');
    await rename(at('gone.txt'), at('gone elsewhere.txt'));
    expect(await verify(`files/${file.id}`)).toMatchObject({ state: 'done' });
    expect((await client.describe(file.id)).corruptedAt).toBeNull();
  });

  it('should show to others only what lies on drives that they may see', async () => {
    const file = await put('secret.txt');
    damage(at('secret.txt'));
    await verify(`files/${file.id}`);
    const person = await Person.arrive(server, 'nosy');
    const page: unknown = await (await person.get('/api/v1/files/corrupted')).json();
    expect(page).toMatchObject({ items: [] });
    const problem = await readProblem(
      await person.get(`/api/v1/files/corrupted?driveId=${drive.id}`),
    );
    expect(problem).toMatchObject({ status: 404, code: 'drives.not_found' });
    expect((await list(`?driveId=${drive.id}&limit=1`)).map(({ file: { id } }) => id)).toEqual([
      file.id,
    ]);
  });

  it('should refuse to check a folder by itself', async () => {
    const folder = await client.makeFolder('Whole');
    expect(
      await readProblem(await client.call('POST', `files/${folder.id}/verification`)),
    ).toMatchObject({ status: 409, code: 'files.not_a_file' });
  });

  it('should look no longer after a corrupted file that somebody has taken away', async () => {
    const file = await put('taken away.txt');
    damage(at('taken away.txt'));
    await verify(`files/${file.id}`);
    const before = (await client.defaultDrive()).corruptedCount;
    rmSync(at('taken away.txt'));
    await eventually(async () =>
      expect((await client.defaultDrive()).corruptedCount).toBe(before - 1),
    );

    await query(
      server.database.url,
      `update file_metadata set verified_at = now() - interval '2 days' where id = $1`,
      [file.id],
    );
    await query(server.database.url, `update drives set verified_at = now() where true`);
    await server.app.get(IntegrityUpkeep).look();
    const jobs = await read(server, '/api/v1/jobs?active=1', jobPageSchema);
    expect(jobs.items.filter(({ kind }) => kind === 'integrity')).toEqual([]);
  });

  it('should read a copy that came out marked, and was never read before', async () => {
    const { url } = server.database;
    await query(url, `update drives set verified_at = now() where true`);
    const file = await put('copied.txt');
    damage(at('copied.txt'));
    const response = await client.call('POST', `files/${file.id}/copy`, { parentId: null });
    const copied = await client.fileOf(response, 201);
    await server.app.get(IntegrityUpkeep).look();

    await eventually(async () => expect(await verifiedAt(copied)).not.toBeNull());
    const { corruptedAt, sha256 } = await client.describe(copied.id);
    expect([corruptedAt, sha256]).toEqual([copied.corruptedAt, file.sha256]);
  });

  it('should say nothing of what has changed since it was read', async () => {
    const { url } = server.database;
    const file = await put('changing.txt');
    const read = { path: file.storagePath, inode: null, modifiedMs: Date.parse(file.modifiedAt) };
    const was = { ...read, id: file.id, size: file.size, sha256: file.sha256 ?? '' };
    const database = new Client({ connectionString: url });
    await database.connect();
    try {
      const store = new VerificationStore(database);
      await store.setVerified([{ ...was, size: file.size + 1 }]);
      await store.setVerified([{ ...was, modifiedMs: was.modifiedMs - 1 }]);
      expect(await verifiedAt(file)).toBeNull();
      await store.setVerified([was]);
      expect(await verifiedAt(file)).not.toBeNull();

      await query(url, `update file_metadata set corrupted_at = now() where id = $1`, [file.id]);
      await store.setVerified([{ ...was, size: file.size + 1 }]);
      expect((await client.describe(file.id)).corruptedAt).not.toBeNull();
      expect(await store.setVerified([was])).toMatchObject([{ id: file.id, corruptedAt: null }]);
    } finally {
      await database.end();
    }
  });

  it('should read all files of a drive when it was not done for a month', async () => {
    const { url } = server.database;
    const file = await put('monthly.txt');
    await query(url, `update drives set verified_at = now() where true`);
    const upkeep = server.app.get(IntegrityUpkeep);
    await upkeep.look();
    expect(await verifiedAt(file)).toBeNull();

    await query(url, `update drives set verified_at = now() - interval '31 days' where id = $1`, [
      drive.id,
    ]);
    await upkeep.look();
    await eventually(async () => expect(await verifiedAt(file)).not.toBeNull());
    await eventually(async () => {
      const [row] = await query<{ isDone: boolean }>(
        url,
        `select verified_at > now() - interval '1 hour' as "isDone" from drives where id = $1`,
        [drive.id],
      );
      expect(row?.isDone).toBe(true);
    });
  });
});
