import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { dropPath, emptyDrive, rowOf, sha256Of, uploadsOf } from './fixtures/files';
import { expectAccessible } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const FILM = Buffer.alloc(12_000_000, 'film');
const TAKEN_LONG_AGO = new Date('2019-08-02T17:04:11.000Z');

let folder: string;

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
  folder = await mkdtemp(path.join(tmpdir(), 'homeserver-dropped-'));
});

test.afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('should bring a folder that is dropped, with all that is in it', async ({
  page,
  server,
  conduct,
}) => {
  const photos = path.join(folder, 'Photos');
  await mkdir(path.join(photos, '2026', 'Empty'), { recursive: true });
  const names = Array.from({ length: 300 }, (_, index) => `IMG_${index}.txt`);
  await Promise.all(names.map((name) => writeFile(path.join(photos, '2026', name), name)));
  await writeFile(path.join(photos, 'film.bin'), FILM);
  await utimes(path.join(photos, 'film.bin'), TAKEN_LONG_AGO, TAKEN_LONG_AGO);

  await page.goto('/files');
  await dropPath(page, photos);
  const uploads = uploadsOf(page);
  await expect(uploads.getByRole('heading', { name: '302 files uploaded' })).toBeVisible({
    timeout: 120_000,
  });
  const place = path.join(server.filesFolder, 'Photos');
  expect((await readdir(path.join(place, '2026'))).sort()).toEqual(['Empty', ...names].sort());
  expect(sha256Of(await readFile(path.join(place, 'film.bin')))).toBe(sha256Of(FILM));
  expect((await stat(path.join(place, 'film.bin'))).mtime).toEqual(TAKEN_LONG_AGO);
  await expect(rowOf(page, 'Photos')).toContainText('301 files');

  // Once more: each is there already, which is asked once. What is large is known by its content, too.
  await dropPath(page, photos);
  await expect(uploads.getByText('HomeServer has “film.bin” already')).toBeVisible();
  await expect(uploads.getByText('300 files are there already')).toBeVisible();
  await expectAccessible(page);
  await uploads.getByRole('button', { name: 'Copy it here' }).click();
  await uploads
    .getByRole('group', { name: '300 files are there already' })
    .getByRole('button', { name: 'Skip' })
    .click();
  await expect(uploads.getByText('300 files were skipped.')).toBeVisible();
  await expect.poll(() => readdir(place)).toEqual(['2026', 'film (2).bin', 'film.bin']);
  conduct.forgive(/409/);
});
