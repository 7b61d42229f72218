import { readdir } from 'node:fs/promises';

import { emptyDrive, putFile, putFolder, rowOf } from './fixtures/files';
import { expectAccessible } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

test('should bring back what was deleted by mistake, and let go of the rest', async ({
  page,
  server,
  administrator,
  conduct,
}) => {
  await putFile(administrator, { name: 'letter.txt', content: 'kept' }, ['home']);
  await putFile(administrator, { name: 'draft.txt', content: 'not kept' });
  await putFolder(administrator, 'Journey', [{ name: 'boat.txt', content: 'sea' }]);
  await page.goto('/files');

  // They delete one, and think better of it.
  await rowOf(page, 'letter.txt').click();
  await page.keyboard.press('Delete');
  await expect(rowOf(page, 'letter.txt')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(page, 'letter.txt').getByText('home')).toBeVisible();

  // They delete all, and look into the trash.
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await page.getByRole('link', { name: 'Trash' }).first().click();
  const lines = page.getByRole('listitem').filter({ hasText: 'days left' });
  await expect(lines).toHaveCount(3);
  await expectAccessible(page);

  // The folder comes back with all that was in it.
  await page.getByRole('button', { name: 'Restore Journey' }).click();
  await expect(lines).toHaveCount(2);
  expect(await readdir(`${server.filesFolder}/Journey`)).toEqual(['boat.txt']);

  // One goes for good, after two questions; then all that is left.
  const question = page.getByRole('alertdialog');
  await page.getByRole('button', { name: 'Delete draft.txt for good' }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Yes, for good' }).click();
  await expect(lines).toHaveCount(1);
  await page.getByRole('button', { name: 'Empty the trash of Files' }).click();
  await question.getByRole('button', { name: 'Empty the trash' }).click();
  await expect(page.getByTitle('letter.txt')).toBeVisible();
  await question.getByRole('button', { name: 'Yes, for good' }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  expect(await readdir(`${server.filesFolder}/.homeserver/trash`)).toEqual([]);
  // The details of what was just deleted may still be on their way.
  conduct.forgive(/404/);
});
