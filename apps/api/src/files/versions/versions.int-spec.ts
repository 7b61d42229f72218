import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type FileMetadata,
  fileMetadataSchema,
  type FileVersion,
  fileVersionPageSchema,
  trashPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { damage } from '../../../test/damage';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { postUpload, read, readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { callTus, encodeMetadata } from '../../../test/tus-client';
import { VersionUpkeep } from './version-upkeep.service';

describe('earlier versions', () => {
  let server: TestApp;
  let client: EntriesClient;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
    // From then on it is known at once what comes from outside.
    await eventually(async () =>
      expect((await client.defaultDrive()).index.scannedAt).not.toBeNull(),
    );
  });
  afterAll(() => server.close());

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);
  const keptOnDisk = ({ id }: FileMetadata) =>
    readdir(at('.homeserver', 'versions', id)).catch(() => []);
  const put = (name: string, content: string, folderId?: string) =>
    upload(server, {
      name,
      content,
      conflict: 'version',
      ...(folderId === undefined ? {} : { query: `?folderId=${folderId}` }),
    });
  const versionsOf = async ({ id }: FileMetadata, parameters = ''): Promise<FileVersion[]> =>
    (await read(server, `/api/v1/files/${id}/versions${parameters}`, fileVersionPageSchema)).items;
  const routeOf = ({ fileId, id }: FileVersion) => `files/${fileId}/versions/${id}`;
  const contentOf = async (version: FileVersion) =>
    (await client.call('GET', `${routeOf(version)}/download`)).text();
  const contentsOf = async (file: FileMetadata) =>
    Promise.all((await versionsOf(file)).map(contentOf));
  const refusal = async (response: Response) => {
    const { status, code } = await readProblem(response);
    return [status, code];
  };
  const usedBytes = async () => (await client.defaultDrive()).usedBytes;
  const runSql = <Row extends object>(statement: string, parameters: unknown[] = []) =>
    query<Row>(server.database.url, statement, parameters);

  it('should keep the earlier content, the id and the tags when an upload replaces a file', async () => {
    const first = await put('letter.txt', 'first');
    await client.call('PATCH', `files/${first.id}`, { tags: ['home'] });
    const before = await usedBytes();
    const second = await put('letter.txt', 'the second');

    expect(second).toMatchObject({ id: first.id, tags: ['home'], size: 10, version: 3 });
    expect(second.sha256).not.toBe(first.sha256);
    expect(await client.download(first.id)).toBe('the second');
    const [version] = await versionsOf(first);
    expect(version).toMatchObject({
      fileId: first.id,
      driveId: first.driveId,
      size: 5,
      sha256: first.sha256,
      contentType: first.contentType,
      modifiedAt: first.modifiedAt,
    });
    expect(version?.replacedBy).toEqual(expect.any(String));
    expect(await contentsOf(first)).toEqual(['first']);
    expect(await usedBytes()).toBe(before + 5);
    expect(await readdir(at('.homeserver', 'staging'))).toEqual([]);
    await eventually(async () =>
      expect(await client.eventsOf(first)).toEqual(['created', 'changed', 'changed']),
    );
  });

  it('should have another ETag when the content is another of the same size and time', async () => {
    const time = new Date('2026-01-02T03:04:05.678Z');
    const metadata = {
      filename: 'twin.txt',
      conflict: 'version',
      lastModified: time.toISOString(),
    };
    const send = async (body: string) => {
      const response = await callTus(server, 'POST', '', {
        headers: {
          'Upload-Length': String(body.length),
          'Upload-Metadata': encodeMetadata(metadata),
          'Content-Type': 'application/offset+octet-stream',
        },
        body,
      });
      expect(response.status).toBe(201);
      return response.headers.get('homeserver-file-id') ?? '';
    };
    const id = await send('one');
    const tagOf = async () =>
      (await client.call('GET', `files/${id}/download`)).headers.get('etag');
    const before = await tagOf();

    expect(await send('two')).toBe(id);
    expect(await tagOf()).not.toBe(before);
    const { mtime } = await stat(at('twin.txt'));
    expect(mtime.getTime()).toBe(time.getTime() + 1);
    expect(await client.download(id)).toBe('two');
  });

  it('should keep each content when an upload in parts replaces a file', async () => {
    const file = await put('parts.txt', 'whole');
    const metadata = encodeMetadata({ filename: 'parts.txt', conflict: 'version' });
    const created = await callTus(server, 'POST', '', {
      headers: { 'Upload-Length': '6', 'Upload-Metadata': metadata },
    });
    const place = created.headers.get('location') ?? '';
    const patched = await callTus(server, 'PATCH', place, {
      headers: { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
      body: 'parted',
    });

    expect(patched.headers.get('homeserver-file-id')).toBe(file.id);
    expect((await callTus(server, 'HEAD', place)).headers.get('homeserver-file-id')).toBe(file.id);
    expect(await client.download(file.id)).toBe('parted');
    expect(await contentsOf(file)).toEqual(['whole']);
  });

  it('should make a file when none bears the name, and refuse when a folder does', async () => {
    const file = await put('new.txt', 'new');
    await client.makeFolder('taken');
    const asUpload = { name: 'taken', content: 'x', conflict: 'version' };

    expect(await versionsOf(file)).toEqual([]);
    expect(await refusal(await postUpload(server, asUpload))).toEqual([409, 'files.name_taken']);
    const metadata = encodeMetadata({ filename: 'taken', conflict: 'version' });
    const created = await callTus(server, 'POST', '', {
      headers: { 'Upload-Length': '6', 'Upload-Metadata': metadata },
    });
    expect(await refusal(created)).toEqual([409, 'files.name_taken']);
    expect(await readdir(at('.homeserver', 'staging'))).toEqual([]);
  });

  it('should refuse when a link bears the name, and leave where it leads as it is', async () => {
    await writeFile(at('target.txt'), 'theirs');
    await symlink('target.txt', at('link.txt'));
    await client.found('link.txt');
    const asUpload = { name: 'link.txt', content: 'x', conflict: 'version' };

    expect(await refusal(await postUpload(server, asUpload))).toEqual([409, 'files.name_taken']);
    expect(String(await readFile(at('target.txt')))).toBe('theirs');
  });

  it('should keep what came from outside a moment ago when an upload replaces it', async () => {
    await writeFile(at('outside.txt'), 'from outside');
    const file = await put('outside.txt', 'from inside');

    expect(await client.download(file.id)).toBe('from inside');
    expect(await contentsOf(file)).toEqual(['from outside']);
  });

  it('should keep what was written from outside a moment ago, with no hash that is not its own', async () => {
    const file = await put('edited.txt', 'ours');
    await writeFile(at('edited.txt'), 'theirs, and longer');
    await put('edited.txt', 'ours again');

    expect(await client.download(file.id)).toBe('ours again');
    const [version] = await versionsOf(file);
    expect(version?.sha256).not.toBe(file.sha256);
    expect(version?.size).toBe(18);
    expect(await contentsOf(file)).toEqual(['theirs, and longer']);
  });

  it('should make it anew when the file was removed from the disk a moment ago', async () => {
    const file = await put('removed.txt', 'gone');
    await rm(at('removed.txt'));
    const again = await put('removed.txt', 'here');

    expect(await client.download(again.id)).toBe('here');
    expect(await keptOnDisk(file)).toEqual([]);
    expect(await versionsOf(again)).toEqual([]);
  });

  it('should keep all contents in some order when many replace a file at once', async () => {
    const file = await put('contested.txt', 'the first');
    const contents = Array.from({ length: 8 }, (_, index) => `content ${index}`);
    const answers = await Promise.all(contents.map((content) => put('contested.txt', content)));

    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([file.id]));
    const all = [await client.download(file.id), ...(await contentsOf(file))];
    expect(all.toSorted()).toEqual([...contents, 'the first'].toSorted());
    expect(await readdir(at('.homeserver', 'staging'))).toEqual([]);
  });

  it('should make one file when many come at once and none is there yet', async () => {
    const contents = Array.from({ length: 6 }, (_, index) => `content ${index}`);
    const answers = await Promise.all(contents.map((content) => put('raced.txt', content)));
    const [file] = answers;
    if (file === undefined) throw new Error('Nothing came.');

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const all = [await client.download(file.id), ...(await contentsOf(file))];
    expect(all.toSorted()).toEqual(contents.toSorted());
  });

  it('should show one of the contents whole, under its own ETag, when it is read meanwhile', async () => {
    const sizes = [1_500_000, 900_000];
    const bodies = sizes.map((size, index) => String(index).repeat(size));
    const file = await put('busy.bin', bodies[0] ?? '');
    let isOver = false;
    const writing = (async () => {
      for (let turn = 1; turn <= 10; turn += 1) await put('busy.bin', bodies[turn % 2] ?? '');
    })().finally(() => (isOver = true));
    const bodyOfTag = new Map<string, string>();
    while (!isOver) {
      const response = await client.call('GET', `files/${file.id}/download`);
      const body = await response.text();
      expect(bodies.includes(body)).toBe(true);
      const tag = response.headers.get('etag') ?? '';
      expect(bodyOfTag.get(tag) ?? body[0]).toBe(body[0]);
      bodyOfTag.set(tag, body[0] ?? '');
    }
    await writing;
    expect(bodyOfTag.size).toBeGreaterThan(0);
  });

  it('should be read where its content is kept when its name is gone for an instant', async () => {
    // As on a drive without links, in the middle of another writer's replacement.
    const file = await put('instant.txt', 'still there');
    const versionId = '0198c0de-6f2a-7c5b-9a51-0d5a3b1f2e4c';
    await runSql(
      `update file_metadata set state = 'replacing', staged_name = 'x', lease_holder = drive_id,
         lease_until = now() + interval '1 hour', replacement = jsonb_build_object('versionId', $2::text) where id = $1`,
      [file.id, versionId],
    );
    await mkdir(at('.homeserver', 'versions', file.id));
    await rename(at('instant.txt'), at('.homeserver', 'versions', file.id, versionId));

    expect(await client.download(file.id)).toBe('still there');
    await rename(at('.homeserver', 'versions', file.id, versionId), at('instant.txt'));
    await runSql(
      `update file_metadata set state = 'live', staged_name = null, lease_holder = null, lease_until = null,
         replacement = null where id = $1`,
      [file.id],
    );
  });

  it('should have the earlier content again, and keep the later one, when a version is restored', async () => {
    const file = await put('restored.txt', 'first');
    await put('restored.txt', 'second');
    const [first] = await versionsOf(file);
    if (first === undefined) throw new Error('Nothing was kept.');
    const response = await client.call('POST', `${routeOf(first)}/restore`);
    const restored = await client.fileOf(response, 200);

    expect(restored).toMatchObject({ id: file.id, size: 5, sha256: file.sha256, version: 3 });
    expect(response.headers.get('etag')).toBe('"v3"');
    expect(await client.download(file.id)).toBe('first');
    expect(await contentsOf(file)).toEqual(['second', 'first']);
    await writeFile(at('restored.txt'), 'written outside');
    expect(await contentsOf(file)).toEqual(['second', 'first']);
  });

  describe('whose bytes have gone bad', () => {
    const verify = async ({ id }: FileMetadata) =>
      client.ended(await client.jobOf(await client.call('POST', `files/${id}/verification`)));

    it('should give the file the hash that these should have, and tell of it, when it is restored', async () => {
      const file = await put('rotten.txt', 'first');
      await put('rotten.txt', 'second');
      await verify(file);
      const [first] = await versionsOf(file);
      if (first === undefined) throw new Error('Nothing was kept.');
      damage(at('.homeserver', 'versions', file.id, first.id));
      await runSql(`update file_versions set scan = 'clean' where file_id = $1`, [file.id]);
      const restored = await client.fileOf(
        await client.call('POST', `${routeOf(first)}/restore`),
        200,
      );

      expect(restored).toMatchObject({ sha256: file.sha256, corruptedAt: expect.any(String) });
      expect((await client.describe(file.id)).scan).toBeNull();
      expect(await readFile(at('rotten.txt'))).toEqual(
        await readFile(at('.homeserver', 'versions', file.id, first.id)),
      );
      await eventually(async () =>
        expect((await client.eventsOf(file)).slice(-2)).toEqual(['changed', 'corrupted']),
      );
      await verify(file);
      const { sha256, corruptedAt } = await client.describe(file.id);
      expect([sha256, corruptedAt]).toEqual([file.sha256, restored.corruptedAt]);
    });

    it('should mark the file as they are marked when it is restored', async () => {
      const file = await put('marked.txt', 'first');
      await put('marked.txt', 'second');
      const [first] = await versionsOf(file);
      if (first === undefined) throw new Error('Nothing was kept.');
      damage(at('.homeserver', 'versions', file.id, first.id));
      await runSql(
        `update file_versions set corrupted_at = '2020-02-02T02:02:02Z' where file_id = $1`,
        [file.id],
      );
      const restored = await client.fileOf(
        await client.call('POST', `${routeOf(first)}/restore`),
        200,
      );

      const { sha256 } = file;
      expect(restored).toMatchObject({ sha256, corruptedAt: '2020-02-02T02:02:02.000Z' });
    });

    it('should be marked, and told of, where the file had lost some of them when it was replaced', async () => {
      const file = await put('shorter.txt', 'first');
      await runSql(`update file_metadata set size = size + 3, scan = 'clean' where id = $1`, [
        file.id,
      ]);
      await put('shorter.txt', 'second');

      const [first] = await versionsOf(file);
      if (first === undefined) throw new Error('Nothing was kept.');
      const { sha256 } = file;
      expect(first).toMatchObject({ size: 5, sha256, corruptedAt: expect.any(String) });
      expect(await client.describe(file.id)).toMatchObject({ corruptedAt: null });
      await eventually(async () =>
        expect((await client.eventsOf(file)).slice(-2)).toEqual(['changed', 'corrupted']),
      );
      const [row] = await runSql<{ scan: string | null }>(
        `select scan from file_versions where file_id = $1`,
        [file.id],
      );
      expect(row?.scan).toBeNull();
      const response = await client.call('GET', `${routeOf(first)}/download`);
      expect(response.headers.get('etag')).not.toContain(sha256?.slice(0, 16));
    });
  });

  it('should answer as a download does when a version is fetched', async () => {
    const file = await put('fetched.txt', '0123456789');
    await put('fetched.txt', 'later');
    const [version] = await versionsOf(file);
    if (version === undefined) throw new Error('Nothing was kept.');
    const url = `${server.url}/api/v1/${routeOf(version)}/download`;
    const part = await fetch(url, { headers: { Range: 'bytes=2-4' } });
    const head = await fetch(url, { method: 'HEAD' });

    expect([part.status, await part.text()]).toEqual([206, '234']);
    expect(head.headers.get('content-length')).toBe('10');
    expect(head.headers.get('content-disposition')).toContain('fetched.txt');
    const etag = head.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it('should be gone for good when one is deleted, and the others stay', async () => {
    const file = await put('pruned.txt', 'first');
    await put('pruned.txt', 'second');
    await put('pruned.txt', 'third');
    const [second] = await versionsOf(file);
    if (second === undefined) throw new Error('Nothing was kept.');

    expect((await client.call('DELETE', routeOf(second))).status).toBe(204);
    expect(await contentsOf(file)).toEqual(['first']);
    expect(await keptOnDisk(file)).toHaveLength(1);
    for (const [method, route] of [
      ['DELETE', routeOf(second)],
      ['GET', `${routeOf(second)}/download`],
      ['POST', `${routeOf(second)}/restore`],
    ] as const)
      expect(await refusal(await client.call(method, route))).toEqual([
        404,
        'files.version_not_found',
      ]);
  });

  it('should tell them page by page, the latest first, and only of their own file', async () => {
    const file = await put('paged.txt', 'v0');
    for (const content of ['v1', 'v2', 'v3']) await put('paged.txt', content);
    const url = `/api/v1/files/${file.id}/versions?limit=2`;
    const first = await read(server, url, fileVersionPageSchema);
    const second = await read(server, `${url}&cursor=${first.nextCursor}`, fileVersionPageSchema);
    const all = await Promise.all([...first.items, ...second.items].map(contentOf));

    expect(all).toEqual(['v2', 'v1', 'v0']);
    expect(second.nextCursor).toBeNull();
    const other = await put('other.txt', 'other');
    const [version] = first.items;
    const foreign = await client.call('GET', `files/${other.id}/versions/${version?.id}/download`);
    expect(await refusal(foreign)).toEqual([404, 'files.version_not_found']);
    expect((await client.call('GET', `files/${file.id}/versions?cursor=x`)).status).toBe(422);
  });

  it('should go to the trash and come back with the file, and be gone with it for good', async () => {
    const file = await put('trashed.txt', 'first');
    await put('trashed.txt', 'second');
    const [version] = await versionsOf(file);
    if (version === undefined) throw new Error('Nothing was kept.');
    await client.call('DELETE', `files/${file.id}`);

    const hidden = await client.call('GET', `files/${file.id}/versions`);
    expect(await refusal(hidden)).toEqual([404, 'files.not_found']);
    expect((await client.call('GET', `${routeOf(version)}/download`)).status).toBe(404);
    expect((await client.call('POST', `trash/${file.id}/restore`)).status).toBe(200);
    expect(await contentsOf(file)).toEqual(['first']);

    await client.call('DELETE', `files/${file.id}?permanent=1`);
    await eventually(async () => expect(await keptOnDisk(file)).toEqual([]));
    await eventually(async () =>
      expect(await runSql(`select 1 from file_versions where file_id = $1`, [file.id])).toEqual([]),
    );
    const { items } = await read(server, '/api/v1/trash', trashPageSchema);
    expect(items.map(({ id }) => id)).not.toContain(file.id);
  });

  it('should be gone with the folder when that is deleted for good', async () => {
    const folder = await client.makeFolder('album');
    const file = await put('a.txt', 'first', folder.id);
    await put('a.txt', 'second', folder.id);
    expect(await keptOnDisk(file)).toHaveLength(1);
    await client.call('DELETE', `files/${folder.id}?permanent=1`);

    await eventually(async () => expect(await keptOnDisk(file)).toEqual([]));
  });

  it('should stay where they are, and come along, when the file goes to another drive', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'homeserver-versions-drive-'));
    const other = await client.addDrive('Other', place);
    const file = await put('moving.txt', 'first');
    await put('moving.txt', 'second');
    const moved = await client.call('PATCH', `files/${file.id}`, {
      driveId: other.id,
      parentId: null,
    });
    expect((await client.fileOf(moved, 200)).driveId).toBe(other.id);

    const [version] = await versionsOf(file);
    expect(version?.driveId).toBe(file.driveId);
    expect(await contentsOf(file)).toEqual(['first']);
    await client.call('POST', `files/${file.id}/versions/${version?.id}/restore`);
    expect(await client.download(file.id)).toBe('first');
    expect(await contentsOf(file)).toEqual(['second', 'first']);
    expect((await versionsOf(file)).map(({ driveId }) => driveId)).toEqual([
      other.id,
      file.driveId,
    ]);

    expect((await client.call('DELETE', `drives/${other.id}`)).status).toBe(204);
    // Forgotten drives go by a job, and nobody is told of each file.
    await eventually(async () => {
      await server.app.get(VersionUpkeep).tidy();
      expect(await keptOnDisk(file)).toEqual([]);
    });
    await rm(place, { recursive: true, force: true });
  });

  it('should become fewer with age, and keep to their share of the drive', async () => {
    const upkeep = server.app.get(VersionUpkeep);
    const file = await put('aged.txt', 'v0');
    for (let turn = 1; turn <= 6; turn += 1) await put('aged.txt', `v${turn}`);
    const versions = await versionsOf(file);
    // Three of one day, two of another, and one of today.
    const ages = ['1 hour', '49 hours', '50 hours', '51 hours', '75 hours', '76 hours'];
    for (const [index, { id }] of versions.entries())
      await runSql(
        `update file_versions set replaced_at = date_trunc('day', now()) + interval '12 hours' - $2::interval where id = $1`,
        [id, ages[index]],
      );
    await runSql(`update file_versions set replaced_at = now() where id = $1`, [versions[0]?.id]);
    await upkeep.tidy();

    expect(await contentsOf(file)).toEqual(['v5', 'v4', 'v1']);
    expect(await keptOnDisk(file)).toHaveLength(3);

    const { totalBytes } = await client.defaultDrive();
    const limit = Math.floor((totalBytes ?? 0) / 10);
    await runSql(`update file_versions set size = $2 where id = $1`, [versions[0]?.id, limit - 3]);
    await runSql(
      `update file_versions set replaced_at = replaced_at - interval '10 days' where file_id = $1 and id <> $2`,
      [file.id, versions[0]?.id],
    );
    await upkeep.tidy();
    await runSql(`update file_versions set size = 2 where file_id = $1`, [file.id]);
    const left = await contentsOf(file);
    expect(left).not.toContain('v1');
    expect(left).toContain('v5');
  });

  it('should be removed at last when a crash came in the middle of a removal', async () => {
    const file = await put('half removed.txt', 'first');
    await put('half removed.txt', 'second');
    await runSql(`update file_versions set removed_at = now() where file_id = $1`, [file.id]);
    expect(await versionsOf(file)).toEqual([]);
    await server.app.get(VersionUpkeep).tidy();

    expect(await keptOnDisk(file)).toEqual([]);
    expect(await runSql(`select 1 from file_versions where file_id = $1`, [file.id])).toEqual([]);
  });

  it('should keep the mode of the file when another content comes', async () => {
    const file = await put('script.sh', '#!/bin/sh');
    await chmod(at('script.sh'), 0o750);
    await put('script.sh', '#!/bin/sh -e');

    expect((await stat(at('script.sh'))).mode & 0o777).toBe(0o750);
    expect(fileMetadataSchema.parse(await client.describe(file.id)).size).toBe(12);
  });
});
