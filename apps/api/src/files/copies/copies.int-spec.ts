import { execFileSync } from 'node:child_process';
import {
  chmod,
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
import path from 'node:path';

import type { Drive, FileMetadata } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { ReadableFile } from '../../drives/storage/readable-file';
import { JobsService } from '../../platform/jobs/jobs.service';
import { RecoveryService } from '../recovery/recovery.service';
import { FileCopier } from './file-copier.service';

const OLD = new Date('2019-05-06T07:08:09.123Z');

describe('copies', () => {
  let server: TestApp;
  let client: EntriesClient;
  let drive: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    drive = await client.defaultDrive();
  });

  afterAll(async () => {
    await server.close();
  });

  const place = (...names: string[]) => path.join(server.filesFolder, ...names);
  const copy = (id: string, body: unknown) => client.call('POST', `files/${id}/copy`, body);
  const codeOf = async (response: Promise<Response>) => (await readProblem(await response)).code;

  /** A folder with two files in a folder in it, one of them tagged. */
  async function makeTree(name: string): Promise<{ tree: FileMetadata; inner: FileMetadata }> {
    const tree = await client.makeFolder(name);
    const inner = await client.makeFolder('inner', tree.id);
    const file = await client.uploadTo(inner.id, 'a.txt', 'content of a');
    await client.call('PATCH', `files/${file.id}`, { tags: ['kept'] });
    await client.uploadTo(inner.id, 'b.txt', 'b');
    return { tree, inner };
  }

  it('should be made at once of a file, with its bytes, tags, mode and time, under a free name', async () => {
    const file = await upload(server, { name: 'original.txt', content: 'whole', tags: ['kept'] });
    await chmod(place('original.txt'), 0o640);
    await utimes(place('original.txt'), OLD, OLD);
    const original = await stat(place('original.txt'), { bigint: true });
    const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

    expect(copied).toMatchObject({
      filename: 'original (2).txt',
      tags: ['kept'],
      size: 5,
      version: 1,
      modifiedAt: original.mtime.toISOString(),
      sha256: file.sha256,
    });
    expect(copied.id).not.toBe(file.id);
    expect(await client.download(copied.id)).toBe('whole');
    const { mode, mtime } = await stat(place('original (2).txt'), { bigint: true });
    expect([Number(mode) & 0o777, mtime]).toEqual([0o640, original.mtime]);
    expect(await readdir(place('.homeserver/staging'))).toEqual([]);
  });

  it('should be whole when they are larger than what is copied at a time', async () => {
    const content = Buffer.alloc(3_500_001, 'the tide ');
    const file = await upload(server, { name: 'large.bin', content });
    const copied = await client.fileOf(
      await copy(file.id, { parentId: null, filename: 'larger.bin' }),
      201,
    );

    expect(copied.sha256).toBe(file.sha256);
    expect((await readFile(place('larger.bin'))).equals(content)).toBe(true);
  });

  describe('of bytes that have gone bad', () => {
    it('should keep the hash that these should have, and be told of', async () => {
      const file = await client.uploadRotten(drive.rootFolderId, 'rotten.txt');
      await query(server.database.url, `update file_metadata set scan = 'clean' where id = $1`, [
        file.id,
      ]);
      const { corruptedCount } = await client.defaultDrive();
      const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

      expect(copied).toMatchObject({ sha256: file.sha256, corruptedAt: expect.any(String) });
      expect((await client.describe(copied.id)).scan).toBeNull();
      expect(await client.download(copied.id)).toBe('as it is');
      expect((await client.defaultDrive()).corruptedCount).toBe(corruptedCount + 1);
      await eventually(async () =>
        expect(await client.eventsOf(copied)).toEqual(['created', 'corrupted']),
      );
    });

    it('should be marked as these were when that is known already', async () => {
      const file = await client.uploadRotten(drive.rootFolderId, 'marked.txt');
      await query(
        server.database.url,
        `update file_metadata set corrupted_at = '2020-02-02T02:02:02Z' where id = $1`,
        [file.id],
      );
      const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

      const { sha256 } = file;
      expect(copied).toMatchObject({ sha256, corruptedAt: '2020-02-02T02:02:02.000Z' });
    });

    it('should keep the hash of all when some are lost and nobody has written to the file', async () => {
      const file = await upload(server, { name: 'shorter.txt', content: 'as it' });
      const { sha256 } = await upload(server, { name: 'whole.txt', content: 'as it was' });
      const copier = server.app.get(FileCopier);
      const stage = copier.stage.bind(copier);
      jest
        .spyOn(copier, 'stage')
        .mockImplementationOnce((entry, ...how) => stage({ ...entry, size: 9, sha256 }, ...how));
      const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

      expect(copied).toMatchObject({ sha256, size: 5, corruptedAt: expect.any(String) });
      expect(await client.download(copied.id)).toBe('as it');
    });

    it('should be right when these were only read wrongly once', async () => {
      const file = await upload(server, { name: 'cable.txt', content: 'as it is' });
      jest.spyOn(ReadableFile.prototype, 'read').mockImplementationOnce(async (buffer) => {
        buffer.fill('x', 0, 8);
        return Promise.resolve(8);
      });
      const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

      expect(copied).toMatchObject({ sha256: file.sha256, corruptedAt: null });
      expect(await client.download(copied.id)).toBe('as it is');
    });

    it('should have a hash of their own when somebody has written to the file', async () => {
      const file = await upload(server, { name: 'edited.txt', content: 'before' });
      await writeFile(place('edited.txt'), 'behind');
      const copied = await client.fileOf(await copy(file.id, { parentId: null }), 201);

      expect(copied.corruptedAt).toBeNull();
      expect(copied.sha256).not.toBe(file.sha256);
    });
  });

  it('should be refused where they cannot be', async () => {
    const file = await upload(server, { name: 'refused.txt' });
    const { tree, inner } = await makeTree('into itself');

    for (const parentId of [tree.id, inner.id])
      expect(await codeOf(copy(tree.id, { parentId }))).toBe('files.into_itself');
    expect(await codeOf(copy(file.id, { parentId: file.id }))).toBe('files.not_found');
    expect(await codeOf(copy(file.id, { parentId: null, filename: '.homeserver' }))).toBe(
      'files.name_reserved',
    );
    expect((await copy(file.id, {})).status).toBe(422);
    const copyInner = () => copy(inner.id, { parentId: null });
    expect(await client.refusalWhen(inner.id, 'mount', copyInner)).toBe('files.is_mount');
    expect(await client.refusalWhen(inner.id, 'unreadable', copyInner)).toBe('files.unreadable');
    await rm(place('refused.txt'));
    expect(await codeOf(copy(file.id, { parentId: null }))).toBe('files.content_missing');
    expect(await readdir(place('.homeserver/staging'))).toEqual([]);
  });

  it('should be made of a tree by a job, with new ids and the same tags', async () => {
    const { tree } = await makeTree('album');
    await symlink('inner/a.txt', place('album/link'));
    await client.found('album/link');
    const job = await client.jobOf(await copy(tree.id, { parentId: null }));
    expect(job).toMatchObject({ kind: 'copy', title: 'Copy of “album”', driveId: drive.id });
    const { state, resultId, progress } = await client.ended(job);

    expect([state, progress]).toEqual(['done', { unit: 'bytes', done: 24, total: 24 }]);
    expect(await client.describe(resultId ?? '')).toMatchObject({ filename: 'album (2)' });
    expect(await client.totalsOf(resultId ?? '')).toEqual([3, 1, 24]);
    expect((await readdir(place('album (2)/inner'))).sort()).toEqual(['a.txt', 'b.txt']);
    expect(await readlink(place('album (2)/link'))).toBe('inner/a.txt');
    expect(await readdir(place('album/inner'))).toHaveLength(2);
    const tagged = await query(
      server.database.url,
      `select tags from file_metadata where entry_path(id) = 'album (2)/inner/a.txt'`,
    );
    expect(tagged).toEqual([{ tags: ['kept'] }]);
  });

  it('should go on, and make nothing twice, when the job is begun again at any point', async () => {
    const tree = await client.makeFolder('many');
    for (let folder = 0; folder < 3; folder += 1) {
      const { id } = await client.makeFolder(`folder ${folder}`, tree.id);
      for (let file = 0; file < 4; file += 1) await client.uploadTo(id, `${file}.txt`);
    }
    const done = await client.ended(await client.jobOf(await copy(tree.id, { parentId: null })));
    // As a crash before any cursor was saved leaves it; what it made is there.
    for (const cursor of [
      'null',
      `(select jsonb_set(cursor, '{frames}', (select jsonb_agg(jsonb_set(f, '{after}', 'null'))
      from (select jsonb_build_object('from', $2::text, 'to', $3::text, 'after', null, 'leftIds', '[]'::jsonb) as f) x)))`,
    ]) {
      const again = await query<{ id: string }>(
        server.database.url,
        `update jobs set state = 'queued', finished_at = null, cursor = ${cursor} where id = $1 and ($2 || $3) is not null returning id`,
        [done.id, tree.id, done.resultId],
      );
      expect(again).toHaveLength(1);
      server.app.get(JobsService).wake();
      expect((await client.ended(done)).state).toBe('done');
    }

    expect(await client.totalsOf(done.resultId ?? '')).toEqual([12, 3, 84]);
    expect(
      (await readdir(server.filesFolder)).filter((name) => name.startsWith('many')),
    ).toHaveLength(2);
  });

  it('should leave what is complete, and end, when the job is cancelled', async () => {
    const tree = await client.makeFolder('cancelled');
    for (let file = 0; file < 60; file += 1) await client.uploadTo(tree.id, `${file}.txt`);
    const job = await client.jobOf(await copy(tree.id, { parentId: null }));
    await eventually(async () =>
      expect((await readdir(server.filesFolder)).includes('cancelled (2)')).toBe(true),
    );
    await client.call('DELETE', `jobs/${job.id}`);
    const { state } = await client.ended(job);

    expect(['cancelled', 'done']).toContain(state);
    const names = await readdir(place('cancelled (2)'));
    for (const name of names)
      expect(String(await readFile(place('cancelled (2)', name)))).toBe('content');
    expect(await readdir(place('cancelled'))).toHaveLength(60);
    expect(await readdir(place('.homeserver/staging'))).toEqual([]);
  });

  it('should go to another drive', async () => {
    const other = await mkdtemp(path.join(tmpdir(), 'homeserver-test-other-'));
    try {
      const target = await client.addDrive('Copies', other);
      const { tree } = await makeTree('abroad');
      const file = await upload(server, { name: 'abroad.txt', content: 'far' });
      const copied = await client.fileOf(
        await copy(file.id, { parentId: null, driveId: target.id }),
        201,
      );
      const job = await client.ended(
        await client.jobOf(await copy(tree.id, { parentId: target.rootFolderId })),
      );

      expect(copied).toMatchObject({ driveId: target.id, filename: 'abroad.txt' });
      expect(job).toMatchObject({ state: 'done', driveId: target.id });
      expect(String(await readFile(path.join(other, 'abroad/inner/a.txt')))).toBe('content of a');
      expect(await client.describe(job.resultId ?? '')).toMatchObject({ driveId: target.id });
    } finally {
      await rm(other, { recursive: true });
    }
  });

  describeNeeding('mount', 'with another disk in it', () => {
    it('should say what was left out', async () => {
      const { tree } = await makeTree('with a mount');
      const disk = place('with a mount/a disk');
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', disk]);
      try {
        await client.ended(
          await client.jobOf(await client.call('POST', `drives/${drive.id}/scan`, { full: true })),
        );
        const mount = await client.found('with a mount/a disk');
        expect(await client.describe(mount)).toMatchObject({ nature: 'mount' });
        const job = await client.ended(await client.jobOf(await copy(tree.id, { parentId: null })));

        expect(job).toMatchObject({ state: 'failed', problem: { code: 'files.left_out' } });
        expect(job.problem?.detail).toContain('with a mount/a disk');
        expect(await readdir(place('with a mount (2)/inner'))).toHaveLength(2);
      } finally {
        execFileSync('umount', ['--lazy', disk]);
      }
    });
  });

  describeNeeding('mount', 'on a small disk', () => {
    it('should be refused, before a byte is copied, when there is no room', async () => {
      const other = await mkdtemp(path.join(tmpdir(), 'homeserver-test-small-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', other]);
      try {
        const small = await client.addDrive('Small', other);
        const tree = await client.makeFolder('too large');
        const file = await client.uploadTo(tree.id, 'a.bin', Buffer.alloc(2_000_000));
        for (const { id } of [file, tree])
          expect(await codeOf(copy(id, { parentId: small.rootFolderId }))).toBe('drives.full');
        expect(await codeOf(client.call('PATCH', `files/${file.id}`, { driveId: small.id }))).toBe(
          'drives.full',
        );
        await client.call('DELETE', `drives/${small.id}`);
      } finally {
        execFileSync('umount', ['--lazy', other]);
        await rm(other, { recursive: true });
      }
    });
  });

  describeNeeding('btrfs', 'on a disk that shares blocks', () => {
    it('should share them, and know the hash and the mark, without reading the bytes', async () => {
      const other = await mkdtemp(path.join(tmpdir(), 'homeserver-test-btrfs-'));
      const disk = new DiskImage('btrfs', 120 * 1024 * 1024);
      disk.mount(other);
      try {
        const target = await client.addDrive('Blocks', other);
        const file = await client.uploadTo(
          target.rootFolderId,
          'a.bin',
          Buffer.alloc(1_000_000, 'x'),
        );
        const copied = await client.fileOf(
          await copy(file.id, { parentId: target.rootFolderId }),
          201,
        );

        expect(copied.sha256).toBe(file.sha256);
        expect((await readFile(path.join(other, 'a (2).bin'))).length).toBe(1_000_000);
        const extents = String(execFileSync('filefrag', ['-v', path.join(other, 'a (2).bin')]));
        expect(extents).toContain('shared');

        await query(
          server.database.url,
          `update file_metadata set corrupted_at = now() where id = $1`,
          [file.id],
        );
        const again = await client.fileOf(
          await copy(file.id, { parentId: target.rootFolderId }),
          201,
        );
        const { sha256 } = file;
        expect(again).toMatchObject({ sha256, corruptedAt: expect.any(String) });
        await client.call('DELETE', `drives/${target.id}`);
      } finally {
        disk.remove();
        await rm(other, { recursive: true });
      }
    });
  });

  it('should leave no row in the middle', async () => {
    await server.app.get(RecoveryService).recover();
    expect(
      await query(
        server.database.url,
        `select state from file_metadata where state not in ('live', 'missing', 'trash')`,
      ),
    ).toEqual([]);
  });
});
