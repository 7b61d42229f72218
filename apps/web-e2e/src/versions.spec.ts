import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Page } from '@playwright/test';

import { dropFiles, emptyDrive, putFile, rowOf, uploadsOf } from './fixtures/files';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';
import type { SignedIn } from './fixtures/signed-in';

const NAME = 'plan.txt';

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

const versionsOf = (page: Page) => page.getByRole('region', { name: 'Earlier versions' });

async function putVersion(person: SignedIn, content: string): Promise<void> {
  const form = new FormData();
  form.append('conflict', 'version');
  form.append('file', new Blob([content]), NAME);
  const response = await person.fetch('/api/v1/files/upload', { method: 'POST', body: form });
  expect(response.status).toBe(201);
}

test('should replace a file by an upload, and have what it was again', async ({
  page,
  server,
  administrator,
  conduct,
}) => {
  await putFile(administrator, { name: NAME, content: 'first' });
  const onDisk = () => readFile(path.join(server.filesFolder, NAME), 'utf8');
  await page.goto('/files');
  await expect(rowOf(page, NAME)).toBeVisible();
  await dropFiles(page, [{ name: NAME, content: 'the second' }]);
  await uploadsOf(page).getByRole('button', { name: 'New version' }).click();
  await expect.poll(onDisk).toBe('the second');
  conduct.forgive(/409/);

  await rowOf(page, NAME).click();
  const versions = versionsOf(page);
  await expect(versions.getByText('Replaced just now')).toBeVisible();
  await expect(versions.getByText(/\b5\sB, by /)).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await versions.getByRole('button', { name: /^Download the version of/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(NAME);
  expect(await readFile(await file.path(), 'utf8')).toBe('first');

  await versions.getByRole('button', { name: /^Restore the version of/ }).press('Enter');
  await expect.poll(onDisk).toBe('first');
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(onDisk).toBe('the second');
  await expect(versions.getByRole('listitem')).toHaveCount(3);

  await versions
    .getByRole('button', { name: /^Delete the version of/ })
    .last()
    .press('Enter');
  const question = page.getByRole('alertdialog');
  await expect(question.getByText('The file itself stays as it is.')).toBeVisible();
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await expect(versions.getByRole('heading', { name: 'Earlier versions' })).toBeFocused();
  expect(await onDisk()).toBe('the second');
});

test('should say so when there are none, and go on when they could not be had', async ({
  page,
  administrator,
  conduct,
}) => {
  await putFile(administrator, { name: NAME, content: 'first' });
  await page.route('**/versions?*', (route) => route.abort('connectionreset'));
  await page.goto('/files');
  await rowOf(page, NAME).click();
  const versions = versionsOf(page);
  await expect(versions.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/versions?*');
  conduct.forgive(/ERR_CONNECTION_RESET/);
  await versions.getByRole('button', { name: 'Try again' }).click();
  await expect(versions.getByText('There are none.')).toBeVisible();

  // What others do is seen without being asked for.
  await putVersion(administrator, 'second');
  await expect(versions.getByText('Replaced just now')).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('should have them in the sheet of the file', async ({ page, server, administrator }) => {
    await putFile(administrator, { name: NAME, content: 'first' });
    for (let turn = 2; turn <= 14; turn += 1) await putVersion(administrator, `content ${turn}`);
    await page.goto('/files');
    await rowOf(page, NAME).tap();
    const versions = page.getByRole('dialog').getByRole('region', { name: 'Earlier versions' });
    await expect(versions.getByRole('listitem')).toHaveCount(10);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await versions.getByRole('button', { name: 'Show more' }).tap();
    await expect(versions.getByRole('listitem')).toHaveCount(13);
    await versions
      .getByRole('button', { name: /^Restore the version of/ })
      .last()
      .tap();
    await expect.poll(() => readFile(path.join(server.filesFolder, NAME), 'utf8')).toBe('first');
  });
});
