import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { dropFiles, emptyDrive, putFolder, rowOf } from './fixtures/files';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const TICKETS = { name: 'Ferry tickets.txt', content: 'Two adults, one dog.' };
const COSTS = { name: 'Costs.csv', content: 'what,how much\nferry,42\n' };

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

test('should make folders, go into them, fill them and move what is in them', async ({
  page,
  server,
  conduct,
}) => {
  const heading = page.getByRole('heading', { level: 1 });
  const above = page.getByRole('navigation', { name: 'Folders above' });
  await page.goto('/files');

  // They make a folder by its key, and go into it.
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await page.keyboard.press('Shift+N');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Summer 2026');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'Summer 2026')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText('Summer 2026');
  await expect(above.getByRole('link', { name: 'Files' })).toBeVisible();

  // What they drop goes there.
  await dropFiles(page, [TICKETS, COSTS]);
  await expect(rowOf(page, COSTS.name)).toBeVisible();
  await expect
    .poll(() => readdir(path.join(server.filesFolder, 'Summer 2026')))
    .toEqual([COSTS.name, TICKETS.name]);
  await expectAccessible(page);

  // A name that is taken is told at the field.
  await page.keyboard.press('Alt+ArrowUp');
  await expect(heading).toHaveText('Files');
  await expect(rowOf(page, 'Summer 2026')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+N');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Summer 2026');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Name' })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  conduct.forgive(/409/);
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Archive');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'Archive')).toBeVisible();

  // They move a file there by the dialog, and back by Undo.
  await rowOf(page, 'Summer 2026').dblclick();
  await rowOf(page, TICKETS.name).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to…' }).click();
  const picker = page.getByRole('dialog');
  await picker.getByRole('treeitem', { name: 'Archive' }).click();
  await expectAccessible(page);
  await picker.getByRole('button', { name: 'Move here' }).click();
  await expect(rowOf(page, TICKETS.name)).toBeHidden();
  await expect
    .poll(() => readdir(path.join(server.filesFolder, 'Archive')))
    .toEqual([TICKETS.name]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(page, TICKETS.name)).toBeVisible();

  // They cut it, and put it down in the folder above.
  await rowOf(page, TICKETS.name).click();
  await page.keyboard.press('Control+x');
  await page.keyboard.press('Backspace');
  await expect(heading).toHaveText('Files');
  await page.keyboard.press('Control+v');
  await expect(rowOf(page, TICKETS.name)).toBeVisible();

  // They drag it onto a folder.
  await rowOf(page, TICKETS.name).dragTo(rowOf(page, 'Archive'));
  await expect(rowOf(page, TICKETS.name)).toBeHidden();
  await expect(rowOf(page, 'Archive')).toContainText('1 file');

  // They rename the open folder's own row from above, and delete it with what is in it.
  await rowOf(page, 'Archive').click();
  await page.keyboard.press('Delete');
  await expect(rowOf(page, 'Archive')).toBeHidden();
  await expect.poll(() => readdir(server.filesFolder)).not.toContain('Archive');
});

test('should drag what was pressed, also when the list changes under the pointer', async ({
  page,
  administrator,
  server,
}) => {
  await putFolder(administrator, 'Summer 2026', [TICKETS, COSTS]);
  await page.goto('/files');
  await rowOf(page, 'Summer 2026').dblclick();
  const row = rowOf(page, TICKETS.name);
  await row.hover();
  const elementId = await row.getAttribute('id');
  await page.mouse.down();

  // Another file comes above it, whose row is by now where the pointer went down.
  await writeFile(path.join(server.filesFolder, 'Summer 2026', 'Dinghy.txt'), 'Blue.');
  await expect(rowOf(page, 'Dinghy.txt')).toHaveAttribute('id', elementId ?? '');
  await rowOf(page, COSTS.name).hover();

  await expect(row).toHaveAttribute('aria-selected', 'true');
  await page.mouse.up();
});

test('should walk through the tree by keyboard, and find the way back through a deep path', async ({
  page,
  administrator,
}) => {
  let parentId: string | null = null;
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five'])
    parentId = await putFolder(administrator, name, [], parentId);
  await page.goto('/files');
  const heading = page.getByRole('heading', { level: 1 });
  const tree = page.getByRole('tree', { name: 'Folders' });
  await expect(tree.getByRole('treeitem', { name: 'One' })).toBeVisible();

  await tree.focus();
  const steps = [
    ['ArrowDown', 'One'],
    ['ArrowRight', 'Two'],
    ['ArrowRight', 'Two'],
    ['ArrowRight', 'Three'],
    ['ArrowRight', 'Three'],
  ] as const;
  for (const [key, name] of steps) {
    await page.keyboard.press(key);
    await expect(tree.getByRole('treeitem', { name })).toBeVisible();
    await expect(tree.locator('.skeleton')).toHaveCount(0);
  }
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText('Three');

  await page.goto(`/files?folder=${parentId}`);
  await expect(heading).toHaveText('Five');
  await expect(tree.getByRole('treeitem', { name: 'Five' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await page.getByRole('button', { name: 'More folders above' }).click();
  await page.getByRole('menuitem', { name: 'Two' }).click();
  await expect(heading).toHaveText('Two');
  await page.goBack();
  await expect(heading).toHaveText('Five');
});

test('should show at once what other programs do in the open folder', async ({ page, server }) => {
  const folder = path.join(server.filesFolder, 'Shared');
  await page.goto('/files');
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await mkdir(folder);
  await writeFile(path.join(folder, TICKETS.name), TICKETS.content);
  await rowOf(page, 'Shared').dblclick();
  await expect(rowOf(page, TICKETS.name)).toBeVisible();

  await writeFile(path.join(folder, 'From outside.txt'), 'new');
  await expect(rowOf(page, 'From outside.txt')).toBeVisible();
  await rename(path.join(folder, TICKETS.name), path.join(folder, 'Renamed outside.txt'));
  await expect(rowOf(page, 'Renamed outside.txt')).toBeVisible();
  await mkdir(path.join(folder, 'Made outside'));
  await expect(rowOf(page, 'Made outside')).toBeVisible();
  await rename(folder, path.join(server.filesFolder, 'Other name'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Other name');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('should go into a folder by a tap and back by the path', async ({ page, administrator }) => {
    await putFolder(administrator, 'Summer 2026', [TICKETS]);
    await page.goto('/files');

    await rowOf(page, 'Summer 2026').tap();
    await expect(rowOf(page, TICKETS.name)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('navigation', { name: 'Folders above' }).getByRole('link').tap();
    await expect(rowOf(page, 'Summer 2026')).toBeVisible();
  });
});
