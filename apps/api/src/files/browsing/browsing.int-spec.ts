import {
  type Drive,
  drivePageSchema,
  filePageSchema,
  type FilePage,
  type FileMetadata,
  tagCountPageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem, upload } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('browsing', () => {
  let server: TestApp;
  let drive: Drive;
  const NAMES = [
    'IMG_10.jpg',
    'Zoo.txt',
    'apple.txt',
    'IMG_2.jpg',
    'Émile.md',
    '100%.txt',
    'a_b.txt',
  ];

  beforeAll(async () => {
    server = await startTestApp();
    for (const [index, name] of NAMES.entries()) {
      const tags = name.startsWith('IMG')
        ? ['holiday', `n${index}`]
        : index % 2 === 0
          ? ['even']
          : [];
      await upload(server, { name, content: 'x'.repeat(index + 1), tags });
    }
    drive = await readDrive();
  });

  afterAll(async () => {
    await server.close();
  });

  async function readDrive(): Promise<Drive> {
    const response = await fetch(`${server.url}/api/v1/drives`);
    const [first] = drivePageSchema.parse(await response.json()).items;
    if (first === undefined) throw new Error('There is no drive.');
    return first;
  }

  async function list(query: string): Promise<FilePage> {
    const response = await fetch(`${server.url}/api/v1/files/list${query}`);
    expect(response.status).toBe(200);
    return filePageSchema.parse(await response.json());
  }

  async function listAll(query: string): Promise<FileMetadata[]> {
    const items: FileMetadata[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: FilePage = await list(
        `${query}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  const namesOf = (items: FileMetadata[]) => items.map((file) => file.filename);
  const BY_NAME = [
    '100%.txt',
    'a_b.txt',
    'apple.txt',
    'Émile.md',
    'IMG_2.jpg',
    'IMG_10.jpg',
    'Zoo.txt',
  ];

  it('should list a folder in natural order when its id is given', async () => {
    expect(namesOf((await list(`?folderId=${drive.rootFolderId}`)).items)).toEqual(BY_NAME);
    expect(namesOf((await list(`?driveId=${drive.id}`)).items)).toEqual(BY_NAME);
  });

  it('should take ids in capital letters for what they are', async () => {
    expect((await list(`?driveId=${drive.id.toUpperCase()}`)).items.length).toBe(NAMES.length);
  });

  it('should list the newest files first when no place is given', async () => {
    expect(namesOf((await list('')).items)).toEqual([...NAMES].reverse());
  });

  it.each(['name', 'size', 'uploadDate', 'modifiedAt'])(
    'should give each entry once when pages are sorted by %s',
    async (sort) => {
      for (const order of ['asc', 'desc']) {
        const query = `?driveId=${drive.id}&sort=${sort}&order=${order}`;
        const whole = namesOf((await list(query)).items);
        expect(namesOf(await listAll(query))).toEqual(whole);
        const upwards = sort === 'name' ? BY_NAME : NAMES;
        expect(whole).toEqual(order === 'asc' ? upwards : [...upwards].reverse());
      }
    },
  );

  it('should tell the total on the first page alone', async () => {
    const first = await list(`?driveId=${drive.id}&limit=3`);
    expect(first.total).toBe(NAMES.length);
    expect(
      (await list(`?driveId=${drive.id}&limit=3&cursor=${first.nextCursor}`)).total,
    ).toBeUndefined();
    expect((await list(`?driveId=${drive.id}&tag=holiday&limit=1`)).total).toBe(2);
  });

  it('should give entries with all of the tags when some are given', async () => {
    expect(namesOf((await list(`?driveId=${drive.id}&tag=holiday`)).items)).toEqual([
      'IMG_2.jpg',
      'IMG_10.jpg',
    ]);
    expect(namesOf((await list('?tag=holiday&tag=n3')).items)).toEqual(['IMG_2.jpg']);
    expect((await list('?tag=nobody')).items).toEqual([]);
  });

  it('should find a part of a name, whatever its case and accents, and take no sign for a pattern', async () => {
    expect(namesOf((await list(`?driveId=${drive.id}&q=img_`)).items)).toEqual([
      'IMG_2.jpg',
      'IMG_10.jpg',
    ]);
    for (const asked of ['émi', 'E\u0301MI', 'emi'])
      expect(namesOf((await list(`?q=${encodeURIComponent(asked)}`)).items)).toEqual(['Émile.md']);
    expect(namesOf((await list('?q=0%25')).items)).toEqual(['100%.txt']);
    expect(namesOf((await list('?q=a_b')).items)).toEqual(['a_b.txt']);
  });

  it.each([
    ['?limit=0', '#/query/limit'],
    ['?limit=1001', '#/query/limit'],
    ['?limit=ten', '#/query/limit'],
    ['?limit=1&limit=2', '#/query/limit'],
    ['?sort=colour', '#/query/sort'],
    ['?order=up', '#/query/order'],
    ['?cursor=abc', '#/query/cursor'],
    ['?folderId=root', '#/query/folderId'],
    ['?driveId=1', '#/query/driveId'],
    ['?q=%00', '#/query/q'],
    ['?tag=a%00b', '#/query/tag'],
    ['?tag=ok&tag=%00', '#/query/tag'],
  ])('should point at the fault when the query is %s', async (query, pointer) => {
    const response = await fetch(`${server.url}/api/v1/files/list${query}`);

    expect(response.status).toBe(422);
    expect((await readProblem(response)).errors).toEqual([expect.objectContaining({ pointer })]);
  });

  it('should refuse a cursor of another list, or with foreign values', async () => {
    const { nextCursor } = await list(`?driveId=${drive.id}&limit=1`);
    const forged = Buffer.from(
      JSON.stringify({ list: 'children name asc', kind: 'file', values: ['a', 'b', 'c'] }),
    );

    const elsewhere = await fetch(
      `${server.url}/api/v1/files/list?q=a&driveId=${drive.id}&cursor=${nextCursor}`,
    );
    expect(elsewhere.status).toBe(422);
    for (const cursor of [nextCursor, forged.toString('base64url')]) {
      expect(
        (
          await fetch(
            `${server.url}/api/v1/files/list?driveId=${drive.id}&sort=size&cursor=${cursor}`,
          )
        ).status,
      ).toBe(422);
    }
    const asName = await fetch(
      `${server.url}/api/v1/files/list?driveId=${drive.id}&cursor=${forged.toString('base64url')}`,
    );
    expect(asName.status).toBe(422);
  });

  it('should refuse a cursor of tags that is none of ours', async () => {
    for (const cursor of ['abc', Buffer.from('1 \u0000').toString('base64url')]) {
      expect((await fetch(`${server.url}/api/v1/tags?cursor=${cursor}`)).status).toBe(422);
    }
  });

  it('should ignore query parameters that it does not know', async () => {
    expect((await list('?colour=red')).items.length).toBe(NAMES.length);
  });

  it('should answer 404 when the folder or the drive is not there', async () => {
    const nobody = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';
    for (const query of [`?folderId=${nobody}`, `?driveId=${nobody}`]) {
      expect((await fetch(`${server.url}/api/v1/files/list${query}`)).status).toBe(404);
    }
  });

  it('should count the tags, the most used first, a page at a time', async () => {
    const read = async (query: string) =>
      tagCountPageSchema.parse(await (await fetch(`${server.url}/api/v1/tags${query}`)).json());
    const whole = await read('');

    expect(whole.items.slice(0, 2)).toEqual([
      { tag: 'even', count: 3 },
      { tag: 'holiday', count: 2 },
    ]);
    const first = await read('?limit=1');
    expect((await read(`?limit=10&cursor=${first.nextCursor}`)).items).toEqual(
      whole.items.slice(1),
    );
  });

  it('should tell how much the drive holds', async () => {
    expect(drive).toMatchObject({
      name: 'Files',
      entryCount: NAMES.length,
      usedBytes: 28,
      state: 'online',
    });
    expect(drive.freeBytes).toBeGreaterThan(0);
  });
});
