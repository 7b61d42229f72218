import { expect, type Locator, type Page } from '@playwright/test';

import { addSomebody } from './fixtures/people';
import { test } from './fixtures/server';
import { SignedIn } from './fixtures/signed-in';

function lineOf(page: Page, words: string): Locator {
  return page.getByRole('listitem').filter({ hasText: words });
}

test('should tell who did what, and of one person and one kind alone when it is asked to', async ({
  page,
  administrator,
  origin,
}) => {
  const mara = await addSomebody(administrator);
  const session = await SignedIn.at(origin, mara.credentials);
  await session.send('PATCH', '/api/v1/me', { displayName: `Mara ${mara.username}` });
  await SignedIn.at(origin, { ...mara.credentials, password: 'not the right one' }).catch(
    () => undefined,
  );

  await page.goto('/audit');
  await expect(lineOf(page, `Someone failed to sign in as Mara ${mara.username}`)).toBeVisible();
  await expect(lineOf(page, `anna added the user Mara ${mara.username}`)).toBeVisible();
  await expect(lineOf(page, `Mara ${mara.username} signed in`)).toContainText(/127\.0\.0\.1|::1/);

  await page.getByLabel('Who').selectOption(`Mara ${mara.username}`);
  await expect(page).toHaveURL(new RegExp(`person=${mara.id}`));
  await expect(page.getByRole('listitem')).toHaveCount(2);
  await page.getByLabel('What').selectOption('Sign-ins');
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await page.getByLabel('What').selectOption('Passwords and keys');
  await expect(page.getByText('Nothing of this kind')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await page.goForward();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(lineOf(page, `anna added the user Mara ${mara.username}`)).toBeVisible();
});

test('should go back as far as the log does, page by page', async ({
  page,
  administrator,
  origin,
}) => {
  const mara = await addSomebody(administrator);
  const session = await SignedIn.at(origin, mara.credentials);
  // With the sign-in one more than a page.
  for (let turn = 0; turn < 50; turn += 1)
    await session.send('PATCH', '/api/v1/me', { displayName: `Mara ${turn}` });

  await page.goto(`/audit?person=${mara.id}`);
  await expect(page.getByRole('listitem')).toHaveCount(50);
  await page.getByRole('button', { name: 'Show older' }).click();
  await expect(page.getByRole('listitem')).toHaveCount(51);
  await expect(page.getByText(/^That is all/)).toBeFocused();
});

test('should say why when the log cannot be had, and show it when it can again', async ({
  page,
  conduct,
}) => {
  await page.route('**/api/v1/audit*', (route) => route.abort());
  await page.goto('/audit');
  await expect(page.getByText('HomeServer does not answer')).toBeVisible();

  await page.unroute('**/api/v1/audit*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  conduct.forgive(/ERR_FAILED/);
});
