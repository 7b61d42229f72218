import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Page } from '@playwright/test';

import { dropFiles, emptyDrive, putFile, rowOf, sha256Of, uploadsOf } from './fixtures/files';
import { expectAccessible } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const TICKETS = { name: 'Ferry tickets – Köln.txt', content: 'Two adults, one dog.' };
const COSTS = { name: 'Costs.csv', content: 'what,how much\nferry,42\n' };

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

test('should keep, find, give back and delete what a person drops', async ({
  page,
  server,
  administrator,
  conduct,
}) => {
  await page.goto('/files');
  await dropFiles(page, [TICKETS, COSTS]);

  // They see the uploads, and give the files a tag while they look on.
  const uploads = uploadsOf(page);
  await expect(uploads.getByRole('heading', { name: '2 files uploaded' })).toBeVisible();
  await uploads.getByRole('button', { name: /Give these 2 files tags/ }).click();
  await uploads.getByRole('combobox').fill('holiday');
  await uploads.getByRole('combobox').press('Enter');
  await expect(rowOf(page, COSTS.name).getByText('holiday')).toBeVisible();
  await expect(rowOf(page, TICKETS.name).getByText('holiday')).toBeVisible();
  await uploads.getByRole('button', { name: 'Close' }).click();
  expect(await readFile(path.join(server.filesFolder, TICKETS.name), 'utf8')).toBe(TICKETS.content);

  // They filter by the tag.
  await putFile(administrator, { name: 'Untagged.txt', content: 'other' });
  await expect(rowOf(page, 'Untagged.txt')).toBeVisible();
  await page.getByRole('button', { name: /^holiday/ }).click();
  await expect(rowOf(page, 'Untagged.txt')).toBeHidden();
  await expect(rowOf(page, COSTS.name)).toBeVisible();
  await expectAccessible(page);

  // They download with one click: the same bytes under the same name.
  await rowOf(page, TICKETS.name).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe(TICKETS.name);
  expect(sha256Of(await readFile(await download.path()))).toBe(sha256Of(TICKETS.content));

  // They stop it, start it again, and everything is there.
  await server.stop();
  await server.start();
  conduct.forgive(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection|502/);
  await page.goto('/files');
  await expect(rowOf(page, TICKETS.name).getByText('holiday')).toBeVisible();

  // They delete for good, after two questions.
  await rowOf(page, TICKETS.name).click();
  await page.keyboard.press('Shift+Delete');
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('cannot be brought back');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(rowOf(page, TICKETS.name)).toBeVisible();
  await page.keyboard.press('Shift+Delete');
  await question.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Yes, for good' }).click();
  await expect(rowOf(page, TICKETS.name)).toBeHidden();
  expect(await readdir(server.filesFolder)).not.toContain(TICKETS.name);

  await page.keyboard.press('Control+a');
  await page.keyboard.press('Shift+Delete');
  await question.getByRole('button', { name: /Delete 2 files/ }).click();
  await question.getByRole('button', { name: 'Yes, for good' }).click();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
});

test('should do all of it by keyboard alone', async ({ page, server, administrator }) => {
  for (const name of ['b 2.txt', 'b 10.txt', 'apple.txt', 'zebra.txt']) {
    await putFile(administrator, { name, content: name });
  }
  await page.goto('/files');
  const list = page.getByRole('grid', { name: 'Files' });
  await expect(rowOf(page, 'zebra.txt')).toBeVisible();
  await list.focus();

  const isSelected = async (name: string, value: boolean) =>
    expect(rowOf(page, name)).toHaveAttribute('aria-selected', String(value));
  await page.keyboard.press('Home');
  await isSelected('apple.txt', true);
  await page.keyboard.press('Shift+ArrowDown');
  await isSelected('b 2.txt', true);
  await isSelected('b 10.txt', false);
  await page.keyboard.press('End');
  await isSelected('zebra.txt', true);
  await isSelected('apple.txt', false);
  await page.keyboard.type('b 1');
  await isSelected('b 10.txt', true);

  await page.keyboard.press('F2');
  const field = page.getByRole('textbox', { name: /name/i }).and(page.locator(':focus'));
  await expect(field).toHaveValue('b 10.txt');
  await page.keyboard.type('renamed');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'renamed.txt')).toBeVisible();
  expect(await readdir(server.filesFolder)).toContain('renamed.txt');

  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('renamed.txt');

  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(page.getByText('4 files moved to the trash.')).toBeVisible();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
});

async function makeDraftOfLetter(page: Page): Promise<void> {
  await rowOf(page, 'letter.txt').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('draft');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'draft.txt')).toBeVisible();
}

test('should undo what was done, one after the other, also after another page was open', async ({
  page,
  administrator,
  server,
  conduct,
}) => {
  await putFile(administrator, { name: 'letter.txt', content: 'kept' });
  await page.goto('/files');
  await makeDraftOfLetter(page);
  await page.keyboard.press('Delete');
  await expect(rowOf(page, 'draft.txt')).toBeHidden();
  await page.getByRole('link', { name: 'Trash' }).first().click();
  await expect(page.getByRole('button', { name: 'Restore draft.txt' })).toBeVisible();

  await page.getByRole('link', { name: 'Files' }).first().click();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(rowOf(page, 'draft.txt')).toBeVisible();
  await page.getByRole('button', { name: 'Undo that too' }).click();
  await expect(rowOf(page, 'letter.txt')).toBeVisible();
  expect(await readdir(server.filesFolder)).toContain('letter.txt');
  await page.keyboard.press('Control+z');
  await expect(page.getByText('There is nothing to undo.')).toBeVisible();
  // The details may ask for what goes into the trash at that moment.
  conduct.forgive(/404/);
});

test('should tell what cannot be undone, before it undoes what was done earlier', async ({
  page,
  administrator,
}) => {
  await putFile(administrator, { name: 'letter.txt', content: 'kept' });
  await page.goto('/files');
  await makeDraftOfLetter(page);
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(page.getByText(/copied to/)).toBeVisible();

  await page.keyboard.press('Control+z');
  await expect(page.getByText('That cannot be undone: delete the copy instead.')).toBeVisible();
  await expect(rowOf(page, 'draft.txt')).toBeVisible();
  await page.getByRole('button', { name: 'Undo that' }).click();
  await expect(rowOf(page, 'letter.txt')).toBeVisible();
});

test('should tell a taken name at the field, and rename nothing', async ({
  page,
  administrator,
  conduct,
}) => {
  for (const name of ['one.txt', 'two.txt']) await putFile(administrator, { name, content: name });
  await page.goto('/files');
  await rowOf(page, 'one.txt').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');

  await expect(page.getByText(/already an entry named “two.txt”/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(rowOf(page, 'one.txt')).toBeVisible();
  conduct.forgive(/409/);
});

test('should fit a hand when it is opened on a phone', async ({
  browser,
  origin,
  administrator,
}) => {
  await putFile(administrator, { name: 'on the phone.txt', content: 'x' }, ['holiday']);
  const context = await browser.newContext({
    baseURL: origin,
    storageState: administrator.browserState(),
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto('/files');
  await rowOf(page, 'on the phone.txt').tap();

  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('heading', { name: 'on the phone.txt' })).toBeVisible();
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Delete' }).tap();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await context.close();
});

test('should leave the list where it is when a file is selected', async ({
  page,
  administrator,
}) => {
  // So many that they need a second line beside the actions, and none beside the filter.
  const tags = Array.from({ length: 7 }, (_, index) => `a longer tag ${index}`);
  await putFile(administrator, { name: 'tagged.txt', content: 'x' }, tags);
  await page.goto('/files');
  await expect(page.getByRole('button', { name: 'a longer tag 6' })).toBeVisible();
  const top = async () => (await page.getByRole('grid', { name: 'Files' }).boundingBox())?.y;
  const before = await top();
  await rowOf(page, 'tagged.txt').click();
  await expect(page.getByText('1 selected')).toBeVisible();
  expect(await top()).toBe(before);
});

test('should keep the keyboard in the dialog when tags of several files are edited', async ({
  page,
  administrator,
}) => {
  for (const name of ['one.txt', 'two.txt']) await putFile(administrator, { name, content: name });
  await page.goto('/files');
  const list = page.getByRole('grid', { name: 'Files' });
  await expect(rowOf(page, 'two.txt')).toBeVisible();
  await list.focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'Edit tags' }).press('Enter');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('holiday');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter');
  await expect(rowOf(page, 'two.txt').getByText('holiday')).toBeVisible();
  await expect(list).toBeFocused();
});

test('should leave the keyboard where a person goes when they go on from a name', async ({
  page,
  administrator,
}) => {
  await putFile(administrator, { name: 'one.txt', content: 'x' });
  await page.goto('/files');
  await rowOf(page, 'one.txt').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('two');
  const theme = page.getByRole('button', { name: /theme/ });
  await theme.focus();
  await expect(rowOf(page, 'two.txt')).toBeVisible();
  await expect(theme).toBeFocused();
});

test('should show each drive its own files when a person has several', async ({
  page,
  administrator,
}) => {
  await putFile(administrator, { name: 'shared.txt', content: 'x' });
  await page.goto('/files');
  await expect(rowOf(page, 'shared.txt')).toBeVisible();

  await page.getByRole('combobox', { name: 'Drive' }).selectOption('anna');
  await expect(page.getByRole('heading', { level: 1, name: 'anna' })).toBeVisible();
  await dropFiles(page, [{ name: 'own.txt', content: 'x' }]);
  await expect(rowOf(page, 'own.txt')).toBeVisible();
  await expect(rowOf(page, 'shared.txt')).toBeHidden();

  await page
    .getByRole('navigation', { name: 'Drives' })
    .getByRole('link', { name: /Files/ })
    .click();
  await expect(rowOf(page, 'shared.txt')).toBeVisible();
  await expect(rowOf(page, 'own.txt')).toBeHidden();
});
