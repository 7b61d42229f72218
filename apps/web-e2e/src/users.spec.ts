import { randomBytes } from 'node:crypto';

import { expect, type Locator, type Page } from '@playwright/test';

import { expectAccessible } from './fixtures/page-checks';
import { addSomebody } from './fixtures/people';
import { test } from './fixtures/server';
import { SignedIn } from './fixtures/signed-in';

/** What the browser itself notes of each answer that refuses something. */
const REFUSALS = /409|422/;

function rowOf(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ hasText: name });
}

function dialogOf(page: Page): Locator {
  return page.getByRole('dialog').or(page.getByRole('alertdialog'));
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('should let in somebody who was added, with a password that was made for them', async ({
  page,
  origin,
  conduct,
}) => {
  const username = `m${randomBytes(5).toString('hex')}`;
  await page.goto('/users');
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByLabel('User name')).toBeFocused();
  await expectAccessible(page);

  await dialog.getByLabel('User name').fill('anna');
  await dialog.getByLabel('Display name').fill('Mara');
  await dialog.getByLabel('Role').selectOption('Guest');
  await dialog.getByRole('button', { name: 'Make one' }).click();
  const password = (await dialog.getByLabel('Password', { exact: true }).textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  // There is an anna already.
  await expect(dialog.getByLabel('User name')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByLabel('User name')).toBeFocused();

  await dialog.getByLabel('User name').fill(username);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Mara can sign in now.')).toBeVisible();
  await expect(rowOf(page, username)).toContainText('Never yet');
  await expect(page.getByRole('button', { name: 'Add somebody' })).toBeFocused();
  const mara = await SignedIn.at(origin, { username, password });
  expect(await (await mara.fetch('/api/v1/me')).json()).toMatchObject({ role: 'guest' });
  conduct.forgive(REFUSALS);
});

test('should change what somebody may do at once, and take it back', async ({
  page,
  administrator,
}) => {
  const { username } = await addSomebody(administrator);
  await page.goto('/users');
  const role = page.getByLabel(`Role of ${username}`);
  await expect(role).toHaveValue('member');

  await role.focus();
  await role.selectOption('Guest');
  await expect(page.getByText(`${username} is a guest now.`)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(role).toHaveValue('member');
  await expect(role).toBeFocused();
  await page.reload();
  await expect(role).toHaveValue('member');
});

test('should end all that somebody does when they are disabled, and let them in again when enabled', async ({
  page,
  administrator,
  origin,
}) => {
  const mara = await addSomebody(administrator);
  const session = await SignedIn.at(origin, mara.credentials);
  await page.goto('/users');

  await choose(page, mara.username, 'Disable');
  await expect(rowOf(page, mara.username)).toContainText('Disabled');
  await expect.poll(async () => (await session.fetch('/api/v1/me')).status).toBe(401);
  await choose(page, mara.username, 'Enable');
  await expect(rowOf(page, mara.username)).not.toContainText('Disabled');
  // The page says so before the server does.
  await expect(async () => {
    await SignedIn.at(origin, mara.credentials);
  }).toPass();
});

test('should give somebody a new password', async ({ page, administrator, origin }) => {
  const mara = await addSomebody(administrator);
  await page.goto('/users');
  await choose(page, mara.username, 'New password');
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Set password' }).click();
  await expect(dialog.getByText('A password has at least 10 characters.')).toBeVisible();

  await dialog.getByLabel('Password', { exact: true }).fill('a heron in the reeds');
  await dialog.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText(`${mara.username} has a new password`)).toBeVisible();
  await SignedIn.at(origin, { ...mara.credentials, password: 'a heron in the reeds' });
});

test('should keep the files of somebody who is deleted', async ({ page, administrator }) => {
  const { username } = await addSomebody(administrator);
  await page.goto('/users');

  await choose(page, username, 'Delete');
  await expect(dialogOf(page)).toContainText(`the drive “${username}” is kept`);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: `Actions for ${username}` })).toBeFocused();
  await choose(page, username, 'Delete');
  await dialogOf(page).getByRole('button', { name: 'Delete' }).click();
  await expect(rowOf(page, username)).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  const drives = await (await administrator.fetch('/api/v1/drives')).text();
  expect(drives).toContain(username);
});

test('should say so when nobody could administer the server any more', async ({
  page,
  conduct,
}) => {
  await page.goto('/users');
  await page.getByLabel('Role of anna').selectOption('Member');
  await dialogOf(page).getByRole('button', { name: 'Change' }).click();

  await expect(page.getByText(/last administrator/)).toBeVisible();
  await expect(page.getByLabel('Role of anna')).toHaveValue('admin');
  conduct.forgive(REFUSALS);
});

test('should limit what somebody may upload', async ({ page, administrator }) => {
  const mara = await addSomebody(administrator);
  await page.goto('/users');
  await choose(page, mara.username, 'Quota');
  const dialog = dialogOf(page);
  const field = dialog.getByLabel('Quota in GB');
  await expect(field).toBeFocused();
  await field.fill('much');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('0.5');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();

  await expect(page.getByText(`${mara.username} may upload 500\u00a0MB.`)).toBeVisible();
  await expect(rowOf(page, mara.username)).toContainText('0\u00a0B of 500\u00a0MB');
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expectAccessible(page);
  }
});
