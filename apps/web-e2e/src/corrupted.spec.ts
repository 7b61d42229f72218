import { closeSync, fstatSync, futimesSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

import { emptyDrive, putFile, rowOf } from './fixtures/files';
import { expectAccessible } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const NAME = 'letter.txt';
const STORED = 'Dear Ben, all is well.';
const ROTTEN = 'Dear Bun, all is well.';

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

/**
 * Changes the bytes of a file as a failing disk does: neither its size nor its time tell. In one turn, so that whoever
 * is told of it by the system finds it done.
 */
function rot(place: string, content: string): void {
  const file = openSync(place, 'r+');
  const { mtimeNs } = fstatSync(file, { bigint: true });
  writeSync(file, content);
  // In the middle of the millisecond, which is all that is kept of it.
  const seconds = (Number(mtimeNs / 1_000_000n) + 0.5) / 1000;
  futimesSync(file, seconds, seconds);
  closeSync(file);
}

test('should warn of a file that has rotted until a good copy is in its place', async ({
  page,
  server,
  administrator,
}) => {
  const place = path.join(server.filesFolder, NAME);
  await putFile(administrator, { name: NAME, content: STORED });
  rot(place, ROTTEN);

  await page.goto('/drives');
  await page.getByRole('button', { name: 'Actions for Files' }).click();
  await page.getByRole('menuitem', { name: 'Check for corrupted files' }).click();
  const corrupted = page.getByRole('group', { name: 'Corrupted files' });
  await expect(corrupted.getByText('Found')).toBeVisible();
  await expectAccessible(page);
  await corrupted.getByRole('link', { name: NAME }).click();

  await expect(page.getByText('1 file is not what was stored')).toBeVisible();
  await expect(rowOf(page, NAME).getByText('corrupted')).toBeVisible();
  await rowOf(page, NAME).click();
  await expect(page.getByText('This file is corrupted.')).toBeVisible();
  await expectAccessible(page);

  rot(place, STORED);
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByText('This file is corrupted.')).toBeHidden();
  await expect(page.getByText('1 file is not what was stored')).toBeHidden();
  await expect(rowOf(page, NAME).getByText('corrupted')).toBeHidden();
});
