import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { type FileMetadata, fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { describeNeeding } from '../../test/capabilities';
import { postEndlessly, postUpload, readProblem, upload } from '../../test/files-client';
import { ServerOnSmallDisk } from '../../test/small-disk';
import type { TestApp } from '../../test/test-app';

const MEBIBYTE = 1024 * 1024;

describeNeeding('mount', 'files on a full disk', () => {
  let disk: ServerOnSmallDisk;
  let server: TestApp;

  beforeAll(async () => {
    disk = await ServerOnSmallDisk.start('size=4m');
    server = disk.server;
  });

  afterAll(async () => {
    await disk.end();
  });

  it('should answer 507 while the rest still comes, and free what was staged', async () => {
    const { problem, sentBytes } = await postEndlessly(server);

    expect(problem).toMatchObject({ status: 507, code: 'drives.full' });
    expect(sentBytes).toBeLessThan(64 * MEBIBYTE);
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
    expect(await readdir(server.filesFolder)).toEqual(['.homeserver']);
  });

  it('should refuse at once what is announced to be too large, and take what fits', async () => {
    const large = await postUpload(server, {
      name: 'large.bin',
      content: Buffer.alloc(5 * MEBIBYTE),
    });
    expect((await readProblem(large)).code).toBe('drives.full');

    expect(
      (await upload(server, { name: 'small.bin', content: Buffer.alloc(MEBIBYTE) })).size,
    ).toBe(MEBIBYTE);
  });

  it('should answer 507 to each that does not fit in when many small ones come at the same time', async () => {
    const kept: string[] = [];
    const refused: Response[] = [];
    for (let round = 0; refused.length === 0; round += 1) {
      const names = Array.from({ length: 8 }, (_, index) => `many-${round}-${index}.bin`);
      const answers = await Promise.all(
        names.map((name) => postUpload(server, { name, content: Buffer.alloc(60_000) })),
      );
      for (const [index, answer] of answers.entries())
        if (answer.status === 201) kept.push(names[index] ?? '');
        else refused.push(answer);
    }

    for (const answer of refused)
      expect(await readProblem(answer)).toMatchObject({ status: 507, code: 'drives.full' });
    expect(kept.length).toBeGreaterThan(10);
    const there = await readdir(server.filesFolder);
    expect(there.filter((name) => name.startsWith('many-')).sort()).toEqual(kept.sort());
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
  });
});

describeNeeding('mount', 'files on a disk that has room, but no inodes', () => {
  let disk: ServerOnSmallDisk;
  let server: TestApp;

  beforeAll(async () => {
    disk = await ServerOnSmallDisk.start('size=4m,nr_inodes=40');
    server = disk.server;
  });

  afterAll(async () => {
    await disk.end();
  });

  it('should answer 507, keep what it has, and take more when there are some again', async () => {
    const kept: FileMetadata[] = [];
    let refusal: Response | null = null;
    while (refusal === null) {
      const answer = await postUpload(server, { name: `${kept.length}.txt`, content: 'x' });
      if (answer.status === 201) kept.push(fileMetadataSchema.parse(await answer.json()));
      else refusal = answer;
    }

    expect(await readProblem(refusal)).toMatchObject({ status: 507, code: 'drives.full' });
    expect(kept.length).toBeGreaterThan(10);
    expect((await readdir(server.filesFolder)).sort()).toEqual(
      ['.homeserver', ...kept.map(({ filename }) => filename)].sort(),
    );
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
    const [first] = kept;
    const place = `${server.url}/api/v1/files/${first?.id}?permanent=1`;
    expect((await fetch(place, { method: 'DELETE' })).status).toBe(204);
    expect((await upload(server, { name: 'again.txt', content: 'x' })).size).toBe(1);
  });
});
