import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Drive, trashPageSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { TrashUpkeep } from './trash-upkeep.service';

describe('the trash of odd disks', () => {
  let server: TestApp;
  let client: EntriesClient;
  let place: string;
  let leave: () => void;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'homeserver-test-trash-'));
    leave = () => undefined;
  });
  afterEach(async () => {
    leave();
    await rm(place, { recursive: true });
  });

  const at = (...names: string[]) => path.join(place, ...names);
  const mountTmpfs = (folder: string, size: string) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    leave = () => execFileSync('umount', ['--lazy', folder]);
  };
  const listOf = async ({ id }: Drive) =>
    (await read(server, `/api/v1/trash?driveId=${id}`, trashPageSchema)).items;
  const indexed = async ({ id }: Drive, storagePath: string) =>
    eventually(async () => {
      const [row] = await query<{ id: string }>(
        server.database.url,
        `select id from file_metadata where drive_id = $1 and state = 'live' and entry_path(id) = $2`,
        [id, storagePath],
      );
      if (row === undefined) throw new Error(`Nothing is known at ${storagePath}.`);
      return row.id;
    });
  const refusal = async (response: Response) => {
    const { status, code, detail } = await readProblem(response);
    return { status, code, detail };
  };
  const statusOf = async (method: string, route: string) =>
    (await client.call(method, route)).status;

  describeNeeding('mount', 'with others below, read-only or small', () => {
    it('should say that what lies on another filesystem can only be deleted for good', async () => {
      const drive = await client.addDrive('With another', place);
      await mkdir(at('below'));
      mountTmpfs(at('below'), '1m');
      await writeFile(at('below', 'other.txt'), 'x');
      await client.call('PATCH', `drives/${drive.id}`, { settings: { crossMounts: true } });
      await client.call('POST', `drives/${drive.id}/scan`, { full: true });
      const id = await indexed(drive, 'below/other.txt');

      const { status, code, detail } = await refusal(await client.call('DELETE', `files/${id}`));
      expect([status, code]).toEqual([409, 'drives.other_filesystem']);
      expect(detail).toContain('deleted for good');
      expect(await readFile(at('below', 'other.txt'), 'utf8')).toBe('x');
      expect(await statusOf('DELETE', `files/${id}?permanent=1`)).toBe(204);
      expect(await readdir(at('below'))).toEqual([]);
    });

    it('should change nothing on a drive that is only read', async () => {
      const drive = await client.addDrive('Read only later', place);
      const query = `?folderId=${drive.rootFolderId}`;
      const [kept, trashed] = [
        await upload(server, { name: 'kept.txt', query }),
        await upload(server, { name: 'trashed.txt', query }),
      ];
      expect(await statusOf('DELETE', `files/${trashed.id}`)).toBe(204);
      await client.call('PATCH', `drives/${drive.id}`, { readOnly: true });

      for (const [method, route] of [
        ['DELETE', `files/${kept.id}`],
        ['POST', `trash/${trashed.id}/restore`],
        ['DELETE', `trash/${trashed.id}`],
        ['DELETE', `trash?driveId=${drive.id}`],
      ] as const)
        expect(await refusal(await client.call(method, route))).toMatchObject({
          status: 403,
          code: 'drives.read_only',
        });
      expect((await listOf(drive)).map(({ id }) => id)).toEqual([trashed.id]);
    });

    it('should let go of the oldest when it takes more than its part of the disk', async () => {
      mountTmpfs(place, '8m');
      const drive = await client.addDrive('Small', place);
      const query = `?folderId=${drive.rootFolderId}`;
      const ids: string[] = [];
      // A tenth of the disk holds one of them, not two.
      for (const name of ['oldest.bin', 'older.bin', 'newest.bin']) {
        const { id } = await upload(server, { name, query, content: Buffer.alloc(500_000) });
        expect(await statusOf('DELETE', `files/${id}`)).toBe(204);
        ids.push(id);
      }
      await server.app.get(TrashUpkeep).tidy();

      await eventually(async () => {
        expect((await listOf(drive)).map(({ id }) => id)).toEqual(ids.slice(2));
        expect(await readdir(at('.homeserver', 'trash'))).toEqual(ids.slice(2));
      });
    });
  });

  for (const filesystem of ['vfat', 'exfat'] as const) {
    describeNeeding(filesystem, `on ${filesystem}`, () => {
      it('should bring back what was deleted, though there are no links', async () => {
        const disk = new DiskImage(filesystem);
        disk.mount(place);
        try {
          const drive = await client.addDrive(`A stick of ${filesystem}`, place);
          const query = `?folderId=${drive.rootFolderId}`;
          const file = await upload(server, { name: 'note.txt', content: 'kept', query });
          await mkdir(at('album'));
          await writeFile(at('album', 'one.jpg'), 'one');
          await client.call('POST', `drives/${drive.id}/scan`, {});
          const inside = await indexed(drive, 'album/one.jpg');
          const album = await indexed(drive, 'album');
          for (const id of [file.id, album])
            expect(await statusOf('DELETE', `files/${id}`)).toBe(204);
          expect((await readdir(place)).filter((name) => !name.startsWith('.'))).toEqual([]);

          for (const id of [file.id, album])
            expect(await statusOf('POST', `trash/${id}/restore`)).toBe(200);
          expect(await readFile(at('note.txt'), 'utf8')).toBe('kept');
          expect(await client.download(inside)).toBe('one');
        } finally {
          disk.remove();
        }
      });
    });
  }
});
