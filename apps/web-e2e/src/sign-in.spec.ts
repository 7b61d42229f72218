import { expect, type Page } from '@playwright/test';

import { test } from './fixtures/server';
import { ADMINISTRATOR, type Credentials, type SignedIn } from './fixtures/signed-in';

test.use({ signedOut: true });

/** What the browser itself notes of each answer that lets nobody in. */
const REFUSALS = /401|403|429/;

async function signIn(page: Page, who: Credentials = ADMINISTRATOR): Promise<void> {
  await page.getByLabel('User name').fill(who.username);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function addUser(
  administrator: SignedIn,
  user: Credentials & { readonly role: 'member' | 'guest' },
): Promise<void> {
  const { status } = await administrator.send('POST', '/api/v1/users', user);
  // Another journey of this worker may have made it.
  if (status !== 201 && status !== 409) throw new Error(`The user was answered by ${status}.`);
}

test('should let in who knows the password, and lead to the page that was wanted', async ({
  page,
  conduct,
}) => {
  await page.goto('/files?tag=holiday');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await expect(page.getByLabel('User name')).toBeFocused();

  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('Say who you are.')).toBeVisible();

  await signIn(page, { username: 'anna', password: 'not the right one' });
  await expect(page.getByText('The user name or the password is not right.')).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  // The same for somebody who does not exist.
  await signIn(page, { username: 'nobody', password: 'not the right one' });
  await expect(page.getByText('The user name or the password is not right.')).toBeVisible();

  await signIn(page);
  await expect(page).toHaveURL(/\/files\?tag=holiday$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should show a password while it is typed when it is asked to', async ({ page, conduct }) => {
  await page.goto('/sign-in');
  const field = page.getByLabel('Password', { exact: true });
  await field.fill('the tide');
  await expect(field).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show: Password' }).click();
  await expect(field).toHaveAttribute('type', 'text');
  conduct.forgive(REFUSALS);
});

for (const returnTo of ['https://evil.example/', '//evil.example/', String.raw`/\evil.example`]) {
  test(`should stay here after the sign-in when the address leads to ${returnTo}`, async ({
    page,
    conduct,
  }) => {
    await page.goto(`/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
    await signIn(page);
    await expect(page).toHaveURL(/^http:\/\/[^/]+\/dashboard$/);
    conduct.forgive(REFUSALS);
  });
}

test('should end the session when a person signs out', async ({ page, conduct }) => {
  await page.goto('/files');
  await signIn(page);
  await page.getByRole('button', { name: 'Account of anna' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);

  const status = await page.evaluate(async () => (await fetch('/api/v1/me')).status);
  expect(status).toBe(401);
  await page.goto('/files');
  await expect(page.getByLabel('User name')).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should show the sign-in, and go on there afterwards, when the session was ended elsewhere', async ({
  page,
  administrator,
  conduct,
}) => {
  await page.goto('/files?sort=size');
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();

  // From another browser: nothing was pressed here.
  await administrator.fetch('/api/v1/me/sessions', { method: 'DELETE' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in again');
  await expect(page.getByLabel('User name')).toHaveValue('anna');
  await page.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/files\?sort=size$/);
  await expect(page.getByRole('button', { name: 'Account of anna' })).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should say how long to wait when there were too many tries', async ({ page, conduct }) => {
  // Not by so many tries: they would close the door to the other journeys.
  await page.route('**/api/v1/auth/sign-in', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'Retry-After': '2', 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({
        code: 'accounts.too_many_attempts',
        detail: 'There were too many wrong attempts. Wait a while, then try again.',
      }),
    }),
  );
  await page.goto('/sign-in');
  await signIn(page);
  await expect(page.getByText('There were too many wrong attempts.')).toBeVisible();
  await expect(page.getByText(/You can try again in/)).toBeVisible();
  const button = page.getByRole('button', { name: 'Sign in', exact: true });
  await expect(button).toBeDisabled();
  await expect(button).toBeEnabled();
  conduct.forgive(REFUSALS);
});

test('should show guests the files and not the machine', async ({
  page,
  administrator,
  conduct,
}) => {
  const gast = { username: 'gast', password: 'a chair by the window' };
  await addUser(administrator, { ...gast, role: 'guest' });
  await page.goto('/dashboard');
  await signIn(page, gast);
  await expect(page).toHaveURL(/\/files$/);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Files' })).toBeVisible();
  await expect(pages.getByRole('link', { name: 'Dashboard' })).toHaveCount(0);

  await page.goto('/users');
  await expect(page).toHaveURL(/\/files$/);
  await page.getByRole('button', { name: 'Account of gast' }).click();
  await expect(page.getByRole('link', { name: 'Account' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  conduct.forgive(REFUSALS);
});
