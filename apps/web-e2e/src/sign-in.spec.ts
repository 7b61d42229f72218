import { expect, type Page } from '@playwright/test';

import {
  addAuthenticator,
  addPasskey,
  addVirtualAuthenticator,
  withoutOffers,
} from './fixtures/factors';
import { expectAccessible } from './fixtures/page-checks';
import { test } from './fixtures/server';
import { ADMINISTRATOR, type Credentials, SignedIn } from './fixtures/signed-in';

test.use({ signedOut: true });

/** What the browser itself notes of each answer that lets nobody in. */
const REFUSALS = /401|403|429/;

async function signIn(page: Page, who: Credentials = ADMINISTRATOR): Promise<void> {
  await page.getByLabel('User name').fill(who.username);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Until the sign-in is shown: as a new page, in which nothing of theirs is left. */
async function signOut(page: Page, name: string): Promise<void> {
  const isShown = page.waitForURL(/\/sign-in$/);
  await page.getByRole('button', { name: `Account of ${name}` }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await isShown;
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
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to HomeServer');
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
  await signOut(page, 'anna');

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
  // The same, of the socket: it may be opened again before the page has asked.
  conduct.forgive(/WebSocket connection .* HTTP Authentication failed/);
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

test('should ask for a code where a second factor is due, and take a recovery code for it', async ({
  page,
  origin,
  administrator,
  conduct,
}) => {
  const clara = { username: 'clara', password: 'a boat with two oars' };
  await addUser(administrator, { ...clara, role: 'member' });
  const recoveryCode = await addAuthenticator(await SignedIn.at(origin, clara));

  await page.goto('/files');
  await signIn(page, clara);
  await expect(page.getByText('Signing in as clara')).toBeVisible();
  await expect(page.getByLabel('Code')).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText(/This code is not right/)).toBeVisible();

  await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel('Recovery code').fill(recoveryCode);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/files$/);
  conduct.forgive(REFUSALS);
});

test('should let in by a passkey alone where the browser has them, and say why not where it has none', async ({
  page,
  hostname,
  administrator,
  conduct,
}) => {
  await page.goto('/sign-in');
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  if (hostname !== 'localhost') {
    await expect(page.getByText(/HTTPS/)).toBeVisible();
    await expect(button).toHaveCount(0);
    conduct.forgive(REFUSALS);
    return;
  }
  const dora = { username: 'dora', password: 'a clock without hands' };
  await addUser(administrator, { ...dora, role: 'member' });
  await signIn(page, dora);
  await expect(page).toHaveURL(/\/dashboard$/);
  await addVirtualAuthenticator(page);
  await addPasskey(page);
  // The browser offers it at the fields, and this device takes every offer.
  await signOut(page, 'dora');
  await expect(page.getByRole('button', { name: 'Account of dora' })).toBeVisible();

  await withoutOffers(page);
  await signOut(page, 'dora');
  await button.click();
  await expect(page.getByRole('button', { name: 'Account of dora' })).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should ask who it is when a fresh sign-in is needed, and then do what was wanted', async ({
  page,
  conduct,
}) => {
  let refusals = 1;
  // As if the sign-in was long ago.
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'PATCH' || refusals === 0) return route.fallback();
    refusals -= 1;
    const body = JSON.stringify({ code: 'accounts.confirm_required', detail: 'Show who you are.' });
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body });
  });
  await page.goto('/account');
  await signIn(page);
  await page.getByLabel('Display name').fill('Anna of the house');
  await page.getByRole('button', { name: 'Save' }).click();

  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();
  await expectAccessible(page);
  await dialog.getByLabel('Password', { exact: true }).fill('not the right one');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('That is not your password.')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Account of Anna of the house' })).toBeVisible();

  await page.getByLabel('Display name').fill('anna');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Account of anna' })).toBeVisible();
  conduct.forgive(REFUSALS);
});
