import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { rowOf } from './fixtures/files';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const SONGS = 30;

let disk: string;

test.beforeEach(async () => {
  disk = await mkdtemp(path.join(tmpdir(), 'homeserver-e2e-disk-'));
  const album = path.join(disk, 'Evening by the fire');
  await mkdir(album);
  for (let song = 1; song <= SONGS; song += 1)
    await writeFile(path.join(album, `Song ${song}.txt`), 'la');
});

test.afterEach(async () => {
  await rm(disk, { recursive: true, force: true });
});

test('should add a disk, browse it, decide about what is gone, and forget it', async ({
  page,
  server,
  conduct,
}) => {
  await page.goto('/drives');
  await page.getByRole('button', { name: 'Add a drive' }).click();
  const dialog = page.getByRole('dialog');

  // What is wrong with the path is told at its field.
  await dialog.getByRole('textbox', { name: 'Path' }).fill(path.join(disk, 'nowhere'));
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Music');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Path' })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  conduct.forgive(/422/);
  await expectAccessible(page);
  await dialog.getByRole('textbox', { name: 'Path' }).fill(disk);
  await dialog.getByRole('button', { name: 'Add' }).click();

  // It fills by itself, and can be browsed.
  const card = page.getByRole('article', { name: 'Music' });
  await expect(card).toContainText(disk);
  await expect(card).toContainText(`${SONGS + 1} entries`);
  await expectAccessible(page);
  await card.getByRole('link', { name: 'Music' }).click();
  await rowOf(page, 'Evening by the fire').dblclick();
  await expect(rowOf(page, 'Song 2.txt')).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: 'Folders above' }).getByRole('link'),
  ).toHaveText(['Music']);

  // Much of it is gone when the server is started again: its scan asks before it believes that.
  await server.stop();
  await rm(path.join(disk, 'Evening by the fire'), { recursive: true });
  await server.start();
  conduct.forgive(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection|502/);
  await page.goto('/drives');
  await expect(card).toContainText('Needs a decision');
  await expect(card).toContainText('are no longer on the disk');
  await expectAccessible(page);
  await card.getByRole('button', { name: 'Forget them' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Forget them' }).click();
  await expect(card).toContainText('0 entries');

  // It is scanned when that is wanted.
  await page.getByRole('button', { name: 'Actions for Music' }).click();
  await page.getByRole('menuitem', { name: 'Look at every file' }).click();
  await expect(page.getByText('Every file of Music is looked at.')).toBeVisible();
  await expect(card).toContainText('Online');

  // It is given another name, and is no longer served.
  await page.getByRole('button', { name: 'Actions for Music' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Songs');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Actions for Songs' }).click();
  await page.getByRole('menuitem', { name: 'Forget' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('No file on it is deleted');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Forget' }).click();
  await expect(page.getByRole('article', { name: 'Songs' })).toBeHidden();
});

test('should be readable on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/drives');

  await expect(page.getByRole('article', { name: 'Files' })).toContainText('Changes are noticed');
  await expectNoSidewaysScroll(page);
});
