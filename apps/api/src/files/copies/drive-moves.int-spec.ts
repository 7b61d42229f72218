import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { type Drive, drivePageSchema, type FileMetadata, type Job } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { JobsService } from '../../platform/jobs/jobs.service';
import { RecoveryService } from '../recovery/recovery.service';
import { Exchanges } from './exchanges.service';
import { FileCopier } from './file-copier.service';
import { FormerPlaces } from './former-places.service';

/** Of a filesystem only the milliseconds are kept. */
const OLD = new Date('2018-01-02T03:04:05.678Z');

describe('moves to another drive', () => {
  let server: TestApp;
  let client: EntriesClient;
  let folder: string;
  let here: Drive;
  let there: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    folder = await mkdtemp(path.join(tmpdir(), 'homeserver-test-there-'));
    here = await client.defaultDrive();
    there = await client.addDrive('There', folder);
    await client.call('PATCH', `drives/${here.id}`, { settings: { excludes: ['.DS_Store'] } });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await expectWhole();
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const place = (...names: string[]) => path.join(server.filesFolder, ...names);
  const patch = (id: string, body: unknown) => client.call('PATCH', `files/${id}`, body);
  const codeOf = async (response: Promise<Response>) => (await readProblem(await response)).code;
  const recover = () => server.app.get(RecoveryService).recover();

  /** The index and both disks say the same, and nothing is in the middle of anything. */
  async function expectWhole(): Promise<void> {
    await recover();
    // What a test removes from a disk the index may have read right before.
    await eventually(expectIndexed);
    for (const root of [server.filesFolder, folder])
      expect(await readdir(path.join(root, '.homeserver/staging'))).toEqual([]);
  }

  async function expectIndexed(): Promise<void> {
    const rows = await query<{ path: string; state: string; driveId: string }>(
      server.database.url,
      `select entry_path(id) as path, state, drive_id as "driveId" from file_metadata
       where parent_id is not null and state <> 'missing'`,
    );
    expect(rows.filter(({ state }) => state !== 'live')).toEqual([]);
    for (const [driveId, root] of [
      [here.id, server.filesFolder],
      [there.id, folder],
    ] as const) {
      const names = await readdir(root, { recursive: true });
      const onDisk = names.filter((name) => !name.startsWith('.homeserver')).sort();
      const indexed = rows.filter((row) => row.driveId === driveId).map((row) => row.path);
      expect(indexed.sort()).toEqual(onDisk);
    }
  }

  async function forget(name: string): Promise<void> {
    await query(
      server.database.url,
      `delete from file_metadata where drive_id = $1 and (entry_path(id) = $2 or starts_with(entry_path(id), $2 || '/'))`,
      [here.id, name],
    );
  }

  async function makeFile(name: string, content = 'content'): Promise<FileMetadata> {
    const file = await client.uploadTo(here.rootFolderId, name, content);
    return client.fileOf(await patch(file.id, { tags: ['kept'] }), 200);
  }

  async function endAgain(job: Job): Promise<Job> {
    await query(
      server.database.url,
      `update jobs set state = 'queued', finished_at = null, problem = null where id = $1`,
      [job.id],
    );
    server.app.get(JobsService).wake();
    return client.ended(job);
  }

  it('should keep the id, the tags, the bytes and the time of a file', async () => {
    const file = await makeFile('moved.txt', 'far away');
    await utimes(place('moved.txt'), OLD, OLD);
    const { mtime: time } = await stat(place('moved.txt'), { bigint: true });
    const moved = await client.fileOf(
      await patch(file.id, { driveId: there.id, filename: 'arrived.txt' }),
      200,
    );

    expect(moved).toMatchObject({
      id: file.id,
      driveId: there.id,
      parentId: there.rootFolderId,
      filename: 'arrived.txt',
      storagePath: 'arrived.txt',
      tags: ['kept'],
      sha256: file.sha256,
    });
    expect(await client.download(file.id)).toBe('far away');
    expect((await stat(path.join(folder, 'arrived.txt'), { bigint: true })).mtime).toEqual(time);
    expect(await readdir(server.filesFolder)).not.toContain('moved.txt');
    const events = await query<{ type: string; driveId: string; data: { previous?: unknown } }>(
      server.database.url,
      `select type, drive_id as "driveId", data from (select position as n, type, subject, drive_id, data from events
         union all select id + 1000000, type, subject, drive_id, data from event_outbox) e where subject = $1 order by n`,
      [`files/${file.id}`],
    );
    // The index may have noticed the time that was set by hand.
    const types = events.map(({ type }) => type.replace('homeserver.file.', ''));
    expect(types.filter((type) => type !== 'changed')).toEqual(['created', 'moved']);
    // Nothing is told of the row that stands for what was left behind.
    const told = await query(
      server.database.url,
      `select 1 from (select type from events union all select type from event_outbox) e
       where type = 'homeserver.file.deleted'`,
    );
    expect(told).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      driveId: there.id,
      data: { previous: { driveId: here.id, parentId: here.rootFolderId, filename: 'moved.txt' } },
    });
  });

  describe('of bytes that have gone bad', () => {
    const corruptedThere = async () => {
      const { items } = await read(server, '/api/v1/drives', drivePageSchema);
      return items.find(({ id }) => id === there.id)?.corruptedCount ?? 0;
    };
    const mark = (id: string) =>
      query(
        server.database.url,
        `update file_metadata set corrupted_at = '2020-02-02T02:02:02Z' where id = $1`,
        [id],
      );

    it('should keep the hash that these should have, and tell of it', async () => {
      const file = await client.uploadRotten(here.rootFolderId, 'rotten.txt');
      const before = await corruptedThere();
      const moved = await client.fileOf(await patch(file.id, { driveId: there.id }), 200);

      expect(moved).toMatchObject({ sha256: file.sha256, corruptedAt: expect.any(String) });
      expect(await client.download(file.id)).toBe('as it is');
      expect(await readdir(server.filesFolder)).not.toContain('rotten.txt');
      expect(await corruptedThere()).toBe(before + 1);
      await eventually(async () =>
        expect((await client.eventsOf(file)).slice(-2)).toEqual(['moved', 'corrupted']),
      );
    });

    it('should tell of it when the server died in the middle', async () => {
      const file = await client.uploadRotten(here.rootFolderId, 'died.txt');
      jest
        .spyOn(server.app.get(Exchanges), 'exchangeFile')
        .mockRejectedValueOnce(new Error('dead'));
      expect((await patch(file.id, { driveId: there.id })).status).toBe(500);
      await recover();

      expect(await client.describe(file.id)).toMatchObject({
        driveId: there.id,
        sha256: file.sha256,
        corruptedAt: expect.any(String),
      });
      await eventually(async () =>
        expect((await client.eventsOf(file)).slice(-2)).toEqual(['moved', 'corrupted']),
      );
    });

    it('should keep the mark, also when they are read there', async () => {
      const file = await client.uploadRotten(here.rootFolderId, 'marked.txt');
      await mark(file.id);
      await client.fileOf(await patch(file.id, { driveId: there.id }), 200);
      await client.ended(
        await client.jobOf(await client.call('POST', `files/${file.id}/verification`)),
      );

      expect(await client.describe(file.id)).toMatchObject({
        sha256: file.sha256,
        corruptedAt: '2020-02-02T02:02:02.000Z',
      });
      expect((await client.eventsOf(file)).at(-1)).toBe('moved');
    });

    it('should keep the hash of all when some are lost and nobody has written to the file', async () => {
      const file = await makeFile('shorter.txt', 'as it');
      const { sha256 } = await makeFile('whole.txt', 'as it was');
      const copier = server.app.get(FileCopier);
      const stage = copier.stage.bind(copier);
      jest
        .spyOn(copier, 'stage')
        .mockImplementationOnce((entry, ...how) => stage({ ...entry, size: 9, sha256 }, ...how));
      const moved = await client.fileOf(await patch(file.id, { driveId: there.id }), 200);

      expect(moved).toMatchObject({ sha256, size: 5, corruptedAt: expect.any(String) });
      expect(await client.download(file.id)).toBe('as it');
    });

    it('should take the mark away when the right ones are there again', async () => {
      const file = await makeFile('healed.txt', 'as it was');
      await mark(file.id);
      const moved = await client.fileOf(await patch(file.id, { driveId: there.id }), 200);

      expect(moved).toMatchObject({ sha256: file.sha256, corruptedAt: null });
    });
  });

  it('should count for the drive that it is on', async () => {
    const file = await makeFile('counted.txt');
    const before = [
      await client.totalsOf(here.rootFolderId),
      await client.totalsOf(there.rootFolderId),
    ];
    await client.fileOf(await patch(file.id, { driveId: there.id }), 200);
    const after = [
      await client.totalsOf(here.rootFolderId),
      await client.totalsOf(there.rootFolderId),
    ];

    expect(after[0]).toEqual([
      Number(before[0]?.[0]) - 1,
      before[0]?.[1],
      Number(before[0]?.[2]) - 7,
    ]);
    expect(after[1]).toEqual([
      Number(before[1]?.[0]) + 1,
      before[1]?.[1],
      Number(before[1]?.[2]) + 7,
    ]);
  });

  it('should go to the folder that is named, with new tags, and back', async () => {
    const [at, back] = [
      await client.fileOf(
        await client.call('POST', 'files/folders', { driveId: there.id, filename: 'at' }),
        201,
      ),
      await client.makeFolder('back'),
    ];
    const file = await makeFile('to and fro.txt');
    const moved = await client.fileOf(
      await patch(file.id, { parentId: at.id, tags: ['new'] }),
      200,
    );
    expect(moved).toMatchObject({
      driveId: there.id,
      storagePath: 'at/to and fro.txt',
      tags: ['new'],
    });
    expect(await client.fileOf(await patch(file.id, { parentId: back.id }), 200)).toMatchObject({
      id: file.id,
      driveId: here.id,
      storagePath: 'back/to and fro.txt',
    });
  });

  it('should replace nothing, and leave the file where it is, when the name is taken', async () => {
    await client.uploadTo(there.rootFolderId, 'taken.txt', 'theirs');
    const file = await makeFile('taken.txt', 'mine');

    expect(await codeOf(patch(file.id, { driveId: there.id }))).toBe('files.name_taken');
    expect(String(await readFile(path.join(folder, 'taken.txt')))).toBe('theirs');
    expect(await client.download(file.id)).toBe('mine');
    const tree = await client.makeFolder('taken.txt tree');
    expect(await codeOf(patch(tree.id, { driveId: there.id, filename: 'taken.txt' }))).toBe(
      'files.name_taken',
    );
  });

  it('should ask for the right to write on both', async () => {
    const member = await Person.arrive(server, 'mover');
    const file = await makeFile('not yours.txt');
    const grant = (driveId: string, access: string) =>
      query(
        server.database.url,
        `insert into drive_grants (drive_id, user_id, access) values ($1, $2, $3)
         on conflict (drive_id, user_id) do update set access = excluded.access`,
        [driveId, member.id, access],
      );
    const move = () => member.call('PATCH', `/api/v1/files/${file.id}`, { driveId: there.id });

    for (const [from, to, status] of [
      ['write', null, 404],
      ['write', 'read', 403],
      ['read', 'write', 403],
      ['write', 'write', 200],
    ] as const) {
      await grant(here.id, from);
      if (to !== null) await grant(there.id, to);
      expect((await move()).status).toBe(status);
    }
  });

  it('should move a link as a link', async () => {
    const link = await makeFile('link');
    await rm(place('link'));
    await symlink('nowhere', place('link'));
    await eventually(async () => expect((await client.describe(link.id)).nature).toBe('link'));
    await client.fileOf(await patch(link.id, { driveId: there.id }), 200);

    expect(await readlink(path.join(folder, 'link'))).toBe('nowhere');
    expect(await readdir(server.filesFolder)).not.toContain('link');
  });

  describe('when the server dies in the middle', () => {
    it('should finish the move when the copy has its name already', async () => {
      const file = await makeFile('published.txt');
      jest
        .spyOn(server.app.get(Exchanges), 'exchangeFile')
        .mockRejectedValueOnce(new Error('dead'));
      expect((await patch(file.id, { driveId: there.id })).status).toBe(500);
      expect(await client.describe(file.id)).toMatchObject({ driveId: here.id });
      expect(await readdir(folder)).toContain('published.txt');
      await recover();

      expect(await client.describe(file.id)).toMatchObject({ driveId: there.id, tags: ['kept'] });
      await recover();
      expect(await readdir(server.filesFolder)).not.toContain('published.txt');
    });

    it('should take the copy back when the file has changed since', async () => {
      const file = await makeFile('changed.txt');
      jest
        .spyOn(server.app.get(Exchanges), 'exchangeFile')
        .mockRejectedValueOnce(new Error('dead'));
      await patch(file.id, { driveId: there.id });
      jest.restoreAllMocks();
      await patch(file.id, { tags: ['changed'] });
      await recover();

      expect(await client.describe(file.id)).toMatchObject({ driveId: here.id, tags: ['changed'] });
      expect(await readdir(folder)).not.toContain('changed.txt');
    });

    it('should remove what is left behind, and nothing that somebody wrote there since', async () => {
      const [left, overwritten] = [await makeFile('left.txt'), await makeFile('overwritten.txt')];
      for (const { id } of [left, overwritten]) {
        jest.spyOn(server.app.get(FormerPlaces), 'removeQuietly').mockResolvedValueOnce();
        await client.fileOf(await patch(id, { driveId: there.id }), 200);
      }
      await writeFile(place('overwritten.txt'), 'by somebody else');
      expect(await readdir(server.filesFolder)).toContain('left.txt');
      await recover();

      expect(await readdir(server.filesFolder)).not.toContain('left.txt');
      expect(String(await readFile(place('overwritten.txt')))).toBe('by somebody else');
      await rm(place('overwritten.txt'));
      await forget('overwritten.txt');
    });
  });

  describe('of a tree', () => {
    async function makeTree(name: string) {
      const tree = await client.makeFolder(name);
      const inner = await client.makeFolder('inner', tree.id);
      const file = await client.uploadTo(inner.id, 'a.txt', 'content of a');
      await patch(file.id, { tags: ['kept'] });
      await patch(tree.id, { tags: ['a tree'] });
      await client.uploadTo(tree.id, 'b.txt', 'b');
      await client.makeFolder('empty', inner.id);
      return { tree, inner, file };
    }

    async function expectMoved({
      tree,
      inner,
      file,
    }: Awaited<ReturnType<typeof makeTree>>): Promise<void> {
      const name = tree.filename;
      for (const [{ id }, storagePath] of [
        [tree, name],
        [inner, `${name}/inner`],
        [file, `${name}/inner/a.txt`],
      ] as const)
        expect(await client.describe(id)).toMatchObject({ driveId: there.id, storagePath });
      expect(await client.describe(file.id)).toMatchObject({ tags: ['kept'] });
      expect(await client.describe(tree.id)).toMatchObject({
        tags: ['a tree'],
        parentId: there.rootFolderId,
      });
      expect(await client.download(file.id)).toBe('content of a');
      expect(await client.totalsOf(tree.id)).toEqual([2, 2, 13]);
      expect(await readdir(server.filesFolder)).not.toContain(name);
      expect((await readdir(path.join(folder, name, 'inner'))).sort()).toEqual(['a.txt', 'empty']);
    }

    it('should keep the ids of all that is in it', async () => {
      const laid = await makeTree('tree');
      const before = [
        await client.totalsOf(here.rootFolderId),
        await client.totalsOf(there.rootFolderId),
      ];
      const job = await client.jobOf(await patch(laid.tree.id, { driveId: there.id }));
      expect(job).toMatchObject({ kind: 'move', title: 'Move of “tree” to “There”' });
      expect(await client.ended(job)).toMatchObject({ state: 'done', resultId: laid.tree.id });

      await expectMoved(laid);
      const after = [
        await client.totalsOf(here.rootFolderId),
        await client.totalsOf(there.rootFolderId),
      ];
      expect(after[0]).toEqual([2, 3, 13].map((lost, at) => Number(before[0]?.[at]) - lost));
      expect(after[1]).toEqual([2, 3, 13].map((gained, at) => Number(before[1]?.[at]) + gained));
    });

    it('should be listened to where it has gone', async () => {
      const laid = await makeTree('listened');
      // So long that nothing looks at the folders around it any more because they have just changed.
      const exchanges = server.app.get(Exchanges);
      const exchange = exchanges.exchangeFolder.bind(exchanges);
      jest.spyOn(exchanges, 'exchangeFolder').mockImplementation(async (...wanted) => {
        await delay(5000);
        return exchange(...wanted);
      });
      await client.ended(await client.jobOf(await patch(laid.tree.id, { driveId: there.id })));
      const pathOf = async (filename: string) =>
        query<{ path: string }>(
          server.database.url,
          `select entry_path(id) as path from file_metadata where filename = $1 and state = 'live'`,
          [filename],
        );
      // What others put there before it was listened to may take a moment longer.
      await eventually(async () => {
        await writeFile(path.join(folder, 'listened', 'inner', 'early'), '');
        expect(await pathOf('early')).toEqual([{ path: 'listened/inner/early' }]);
      });
      await writeFile(path.join(folder, 'listened', 'inner', 'late'), '');
      await eventually(async () =>
        expect(await pathOf('late')).toEqual([{ path: 'listened/inner/late' }]),
      );
    }, 40_000);

    it('should leave what is not served where it is, and the folders around it', async () => {
      const laid = await makeTree('with more');
      await writeFile(place('with more/inner/.DS_Store'), 'of a Mac');
      expect(
        await client.ended(await client.jobOf(await patch(laid.tree.id, { driveId: there.id }))),
      ).toMatchObject({
        state: 'done',
      });

      expect(await client.describe(laid.file.id)).toMatchObject({ driveId: there.id });
      expect(String(await readFile(place('with more/inner/.DS_Store')))).toBe('of a Mac');
      await rm(place('with more'), { recursive: true });
      await forget('with more');
    });

    /** Dies right before, or right after, a step of the job. */
    function dieAt(method: 'exchangeFile' | 'exchangeFolder', call: number, isBefore: boolean) {
      const exchanges = server.app.get(Exchanges);
      const actual: unknown = Reflect.get(exchanges, method);
      if (typeof actual !== 'function') throw new Error(`There is no ${method}.`);
      let calls = 0;
      Object.defineProperty(exchanges, method, {
        configurable: true,
        value: async (...parameters: unknown[]) => {
          calls += 1;
          if (calls === call && isBefore) throw new Error('dead');
          const result: unknown = await Reflect.apply(actual, exchanges, parameters);
          if (calls === call) throw new Error('dead');
          return result;
        },
      });
      return () => Reflect.deleteProperty(exchanges, method);
    }

    it.each([
      ['exchangeFile', 1, true],
      ['exchangeFile', 1, false],
      ['exchangeFile', 2, true],
      ['exchangeFolder', 1, true],
      ['exchangeFolder', 1, false],
      ['exchangeFolder', 3, true],
      ['exchangeFolder', 3, false],
    ] as const)(
      'should come to its end, once, when the server dies at %s %d (before: %s)',
      async (method, call, isBefore) => {
        const laid = await makeTree(`dies at ${method} ${call} ${String(isBefore)}`);
        const revive = dieAt(method, call, isBefore);
        const job = await client.ended(
          await client.jobOf(await patch(laid.tree.id, { driveId: there.id })),
        );
        expect(job.state).toBe('failed');
        revive();
        expect(await endAgain(job)).toMatchObject({ state: 'done' });
        await expectMoved(laid);
      },
    );

    it('should have each file on one of the drives, whole, when it is cancelled', async () => {
      const tree = await client.makeFolder('half way');
      const files: FileMetadata[] = [];
      for (let file = 0; file < 40; file += 1)
        files.push(await client.uploadTo(tree.id, `${file}.txt`));
      const job = await client.jobOf(await patch(tree.id, { driveId: there.id }));
      await client.call('DELETE', `jobs/${job.id}`);
      await client.ended(job);

      for (const { id } of files) expect(await client.download(id)).toBe('content');
    });

    it('should take along what comes into it meanwhile', async () => {
      const tree = await client.makeFolder('busy');
      for (let file = 0; file < 30; file += 1) await client.uploadTo(tree.id, `${file}.txt`);
      const job = await client.jobOf(await patch(tree.id, { driveId: there.id }));
      const late = await Promise.all(
        Array.from({ length: 10 }, (_, file) => client.uploadTo(tree.id, `late ${file}.txt`)),
      );
      expect(await client.ended(job)).toMatchObject({ state: 'done' });

      for (const { id } of late) expect(await client.download(id)).toBe('content');
      expect(await client.totalsOf(tree.id)).toEqual([40, 0, 280]);
    });

    it('should keep nothing of an upload whose folder goes to another drive before it is whole', async () => {
      const tree = await client.makeFolder('gone meanwhile');
      // What is left keeps the old place there.
      await writeFile(place('gone meanwhile/.DS_Store'), 'of a Mac');
      let finish: () => void = () => undefined;
      const isMoved = new Promise<void>((resolve) => (finish = resolve));
      const boundary = 'a-boundary';
      const body = Readable.from(
        (async function* () {
          yield `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="late.txt"\r\n\r\n`;
          // More than what is staged in one go.
          yield 'begun'.repeat(20_000);
          await isMoved;
          yield ` and ended\r\n--${boundary}--\r\n`;
        })(),
      );
      const upload = request(`${server.url}/api/v1/files/upload?folderId=${tree.id}`, {
        method: 'POST',
        headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
      });
      const answered = once(upload, 'response');
      body.pipe(upload);
      await eventually(async () =>
        expect(await readdir(place('.homeserver/staging'))).not.toEqual([]),
      );
      await client.ended(await client.jobOf(await patch(tree.id, { driveId: there.id })));
      finish();

      expect(await answered).toMatchObject([{ statusCode: 404 }]);
      expect(await readdir(place('gone meanwhile'))).toEqual(['.DS_Store']);
      expect(await readdir(path.join(folder, 'gone meanwhile'))).toEqual([]);
      await rm(place('gone meanwhile'), { recursive: true });
      await forget('gone meanwhile');
    });

    it('should be refused where it cannot be', async () => {
      const { tree, inner } = await makeTree('refused');
      await mkdir(path.join(folder, 'unknown'));
      expect(await codeOf(patch(tree.id, { driveId: there.id, filename: 'unknown' }))).toBe(
        'files.name_taken',
      );
      await rm(path.join(folder, 'unknown'), { recursive: true });
      const moveInner = () => patch(inner.id, { driveId: there.id });
      expect(await client.refusalWhen(inner.id, 'mount', moveInner)).toBe('files.is_mount');
      expect(await codeOf(patch(here.rootFolderId, { driveId: there.id }))).toBe(
        'files.root_unchangeable',
      );
    });
  });
});
