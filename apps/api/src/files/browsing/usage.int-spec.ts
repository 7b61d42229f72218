import {
  type Drive,
  drivePageSchema,
  fileDetailsSchema,
  filePageSchema,
  type UsageNode,
  usageNodeSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../../../test/eventually';
import { read, readProblem, upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FOLDERS = 50;
const FILES_IN_EACH = 45;
const NOBODY = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';

describe('usage maps', () => {
  let server: TestApp;
  let drive: Drive;
  let map: UsageNode;

  beforeAll(async () => {
    server = await startTestApp();
    const [first] = (await read(server, '/api/v1/drives', drivePageSchema)).items;
    if (first === undefined) throw new Error('There is no drive.');
    drive = first;
    await insertTree();
    map = await readMap(drive.rootFolderId, '');
  });

  afterAll(async () => {
    await server.close();
  });

  /** Folder number n holds files of n bytes each. There is nothing of it on the disk. */
  async function insertTree(): Promise<void> {
    const columns = `id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size,
      upload_date, modified_at, state, child_count, file_count, folder_count`;
    await query(
      server.database.url,
      `with made as (
         select gen_random_uuid() as id, n from generate_series(1, ${FOLDERS}) n
       ), folders as (
         insert into file_metadata (${columns})
         select id, $1, $2, 'folder', 'Folder ' || n, n::text, n::text, null, n * ${FILES_IN_EACH}, now(), now(), 'live',
           ${FILES_IN_EACH}, ${FILES_IN_EACH}, 0 from made
       )
       insert into file_metadata (${columns})
       select gen_random_uuid(), $1, id, 'file', 'File ' || f, f::text, f::text, 'image/png', n, now(), now(), 'live',
         null, null, null from made, generate_series(1, ${FILES_IN_EACH}) f`,
      [drive.id, drive.rootFolderId],
    );
    await query(
      server.database.url,
      `update file_metadata r set child_count = ${FOLDERS}, folder_count = ${FOLDERS},
         file_count = (select count(*) from file_metadata where kind = 'file'),
         size = (select sum(size) from file_metadata where parent_id = r.id) where id = $1`,
      [drive.rootFolderId],
    );
  }

  async function readMap(id: string, search: string): Promise<UsageNode> {
    return read(server, `/api/v1/files/${id}/usage${search}`, usageNodeSchema);
  }

  function countOf(node: UsageNode): number {
    return 1 + node.children.reduce((sum, child) => sum + countOf(child), 0);
  }

  it('should tell the largest entries first, two levels deep, and add up the rest', () => {
    expect(map.children.slice(0, 2).map(({ filename }) => filename)).toEqual([
      'Folder 50',
      'Folder 49',
    ]);
    expect(map.children).toHaveLength(40);
    // Folders 1 to 10.
    expect(map.rest).toEqual({ entryCount: 10, size: 55 * FILES_IN_EACH });
    const [largest] = map.children;
    expect(largest?.children).toHaveLength(40);
    expect(largest?.rest).toEqual({ entryCount: 5, size: 5 * 50 });
    expect(largest?.children[0]).toMatchObject({
      kind: 'file',
      contentType: 'image/png',
      size: 50,
      fileCount: 1,
      children: [],
      rest: null,
    });
  });

  it('should tell no more nodes than a map can show', () => {
    expect(countOf(map)).toBeGreaterThan(900);
    expect(countOf(map)).toBeLessThanOrEqual(1001);
  });

  it('should look no deeper than it is asked to', async () => {
    const shallow = await readMap(drive.rootFolderId, '?depth=1');

    expect(shallow.children.every(({ children }) => children.length === 0)).toBe(true);
    expect(shallow.children[0]?.rest).toEqual({ entryCount: 45, size: 45 * 50 });
  });

  it('should know of a file when it was just uploaded', async () => {
    const before = await readMap(drive.rootFolderId, '');

    await upload(server, { name: 'Large.bin', content: 'x'.repeat(9000) });

    // Beside the index, which writes to the same drive, totals may stay a little behind.
    await eventually(async () => {
      const after = await readMap(drive.rootFolderId, '');
      expect(after.size).toBe(before.size + 9000);
      expect(after.children[0]).toMatchObject({ filename: 'Large.bin', size: 9000 });
    });
    await upload(server, { name: 'More.bin', content: 'x'.repeat(1000) });
    const metadata = `/api/v1/files/${drive.rootFolderId}/metadata`;
    await eventually(async () =>
      expect((await read(server, metadata, fileDetailsSchema)).size).toBe(before.size + 10_000),
    );
  });

  it('should have browsers ask anew what a folder holds, which has no version of its own', async () => {
    const answer = await fetch(`${server.url}/api/v1/files/${drive.rootFolderId}/metadata`);

    expect(answer.headers.get('ETag')).toBe('"v1"');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  it('should answer 404 when it is a file, or not there, or hidden', async () => {
    const { id } = await upload(server, { name: 'Small.txt' });
    const guest = await Person.arrive(server, 'gus', 'guest');

    const answers = [
      await fetch(`${server.url}/api/v1/files/${id}/usage`),
      await fetch(`${server.url}/api/v1/files/${NOBODY}/usage`),
      await guest.get(`/api/v1/files/${drive.rootFolderId}/usage`),
    ];

    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect((await readProblem(answer)).code).toBe('files.not_found');
    }
  });

  it('should refuse a depth that would be too much', async () => {
    const answer = await fetch(`${server.url}/api/v1/files/${drive.rootFolderId}/usage?depth=5`);

    expect(answer.status).toBe(422);
  });

  it('should list one kind alone, with its own total and cursor, when it is asked for', async () => {
    const list = (search: string) =>
      read(server, `/api/v1/files/list?driveId=${drive.id}&${search}`, filePageSchema);
    await upload(server, { name: 'A file at the top.txt' });
    const whole = await list('limit=1000');
    const folders = await list('limit=30&kind=folder');

    expect(folders.total).toBe(FOLDERS);
    expect(folders.items.every(({ kind }) => kind === 'folder')).toBe(true);
    const rest = await list(`limit=1000&kind=folder&cursor=${folders.nextCursor}`);
    expect(rest.items).toHaveLength(FOLDERS - 30);
    const files = await list('kind=file');
    expect(files.items.map(({ id }) => id)).toEqual(
      whole.items.filter(({ kind }) => kind === 'file').map(({ id }) => id),
    );
    const { status } = await fetch(
      `${server.url}/api/v1/files/list?driveId=${drive.id}&cursor=${folders.nextCursor}`,
    );
    expect(status).toBe(422);
  });
});
