import { emptyDrive, putFile, putFolder } from './fixtures/files';
import { expectAccessible } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

test('should show what takes the room, go into it and out again', async ({
  page,
  administrator,
}) => {
  await emptyDrive(administrator);
  const films = await putFolder(administrator, 'Films', [
    { name: 'Ferry.mp4', content: 'x'.repeat(60_000) },
  ]);
  await putFolder(administrator, 'Extras', [{ name: 'a.txt', content: 'y'.repeat(9000) }], films);
  await putFile(administrator, { name: 'Notes.txt', content: 'z'.repeat(30_000) });
  await page.goto('/files');
  await page.getByRole('link', { name: 'What takes the room' }).click();

  const map = page.getByRole('group', { name: 'What takes the room' });
  await expect(map.getByRole('button', { name: /^Films, folder, 69\skB, 70\s%/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Notes\.txt/ })).toContainText('30');
  await expectAccessible(page);

  await map.getByRole('button', { name: /^Films/ }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Films');
  await expect(map.getByRole('button', { name: /^Extras, folder/ })).toBeVisible();
  await page.getByRole('button', { name: 'Extras', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Extras');
  await page.getByRole('navigation', { name: 'Folders above' }).getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Files');

  await page.getByRole('link', { name: 'Show the files' }).click();
  await expect(page.getByRole('grid', { name: 'Files' })).toBeVisible();
});
