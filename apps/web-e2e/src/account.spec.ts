import { expect, type Locator, type Page } from '@playwright/test';

import { addVirtualAuthenticator, totpCode, withoutOffers } from './fixtures/factors';
import { expectAccessible } from './fixtures/page-checks';
import { addSomebody, signInOnPage, signOutOnPage, type Somebody } from './fixtures/people';
import { test } from './fixtures/server';
import { SignedIn } from './fixtures/signed-in';

test.use({ signedOut: true });

/** What the browser itself notes of each answer that refuses something. */
const REFUSALS = /401|403|422/;

/** The page of somebody's account, for whom it is the first. */
async function openAccount(page: Page, who: Somebody): Promise<void> {
  await page.goto('/sign-in?returnTo=/account');
  await signInOnPage(page, who.credentials);
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
}

function dialogOf(page: Page): Locator {
  return page.getByRole('dialog').or(page.getByRole('alertdialog'));
}

test('should call a person by the name that they chose', async ({
  page,
  administrator,
  conduct,
}) => {
  await openAccount(page, await addSomebody(administrator));

  await page.getByLabel('Display name').fill('Mara of the Lake');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your name was changed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Account of Mara of the Lake' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Mara of the Lake' })).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should change the password, and sign out every other browser', async ({
  page,
  administrator,
  origin,
  conduct,
}) => {
  const mara = await addSomebody(administrator);
  await openAccount(page, mara);
  const elsewhere = await SignedIn.at(origin, mara.credentials);
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = dialogOf(page);
  const current = dialog.getByLabel('Current password', { exact: true });
  const wanted = dialog.getByLabel('New password', { exact: true });
  const change = dialog.getByRole('button', { name: 'Change', exact: true });
  await expect(current).toBeFocused();

  await current.fill('not the right one');
  await wanted.fill('short');
  await change.click();
  await expect(dialog.getByText('A password has at least 10 characters.')).toBeVisible();
  await expect(wanted).toBeFocused();
  await expectAccessible(page);

  await wanted.fill('a heron in the reeds');
  await change.click();
  await expect(current).toBeFocused();
  await expect(current).toHaveAttribute('aria-invalid', 'true');

  await current.fill(mara.credentials.password);
  await change.click();
  await expect(page.getByText('Your password was changed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change password' })).toBeFocused();
  expect((await elsewhere.fetch('/api/v1/me')).status).toBe(401);

  await page.reload();
  await expect(page.getByText('This one')).toBeVisible();
  await signOutOnPage(page);
  await signInOnPage(page, { ...mara.credentials, password: 'a heron in the reeds' });
  await expect(page.getByRole('button', { name: /^Account of / })).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should ask for a code once an authenticator app is set up, and take a recovery code for it', async ({
  page,
  administrator,
  conduct,
}) => {
  const mara = await addSomebody(administrator);
  await openAccount(page, mara);

  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('img', { name: /^QR code/ })).toBeVisible();
  await expectAccessible(page);
  const secret = (await dialog.getByLabel('Secret', { exact: true }).textContent()) ?? '';
  await dialog.getByLabel('Code that the app shows').fill('000000');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(dialog.getByLabel('Code that the app shows')).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  await dialog
    .getByLabel('Code that the app shows')
    .fill(totpCode(secret.replaceAll(' ', ''), Date.now()));
  await dialog.getByRole('button', { name: 'Turn on' }).click();

  await expect(dialog.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible();
  const codes = await dialog.getByRole('listitem').allTextContents();
  expect(codes).toHaveLength(10);
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('homeserver-recovery-codes.txt');
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 codes left')).toBeVisible();
  await expect(page.getByRole('switch')).toBeChecked();

  await signOutOnPage(page);
  await signInOnPage(page, mara.credentials);
  await page
    .getByLabel(/code/i)
    .first()
    .fill(codes[0]?.trim() ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await expect(page.getByText('9 codes left')).toBeVisible();

  await page.getByRole('button', { name: 'Remove the authenticator app' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('The authenticator app was removed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Set up an authenticator app' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'How you sign in' })).toBeFocused();
  conduct.forgive(REFUSALS);
});

test('should sign in by a passkey alone once it is added', async ({
  page,
  administrator,
  hostname,
  conduct,
}) => {
  const mara = await addSomebody(administrator);
  if (hostname === 'localhost') await addVirtualAuthenticator(page);
  await openAccount(page, mara);
  if (hostname !== 'localhost') {
    // Over plain HTTP browsers have none.
    await expect(page.getByText(/Passkeys need HTTPS/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Add a passkey' })).toHaveCount(0);
    conduct.forgive(REFUSALS);
    return;
  }

  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = dialogOf(page);
  await expectAccessible(page);
  await dialog.getByLabel('Name', { exact: true }).fill('Key ring');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible();
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('Key ring', { exact: true })).toBeVisible();
  const isAsked = page.getByRole('switch', { name: 'Ask for a second step after the password' });
  await expect(isAsked).not.toBeChecked();
  await isAsked.click();
  await expect(isAsked).toBeChecked();

  await withoutOffers(page);
  await signOutOnPage(page);
  await page.getByRole('button', { name: /passkey/i }).click();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the passkey Key ring' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('The passkey was removed.')).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should say where somebody is signed in, and end it there', async ({
  page,
  administrator,
  origin,
  conduct,
}) => {
  const mara = await addSomebody(administrator);
  const elsewhere = await SignedIn.at(origin, mara.credentials);
  const third = await SignedIn.at(origin, mara.credentials);
  await openAccount(page, mara);
  const sessions = page.locator('home-sessions-card');
  await expect(sessions.getByRole('listitem')).toHaveCount(3);
  await expect(sessions.getByRole('listitem').first()).toContainText('Chrome on Linux');
  await expect(sessions.getByRole('listitem').first()).toContainText('This one');

  await sessions
    .getByRole('button', { name: /^End node/ })
    .first()
    .click();
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByRole('heading')).toBeFocused();
  await sessions.getByRole('button', { name: 'End all others' }).click();
  await dialogOf(page).getByRole('button', { name: 'Sign out' }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);

  for (const other of [elsewhere, third])
    expect((await other.fetch('/api/v1/me')).status).toBe(401);
  await page.reload();
  await expect(sessions.getByText('This one')).toBeVisible();
  conduct.forgive(REFUSALS);
});

test('should let a program in by a token that may do what it was given, until it is deleted', async ({
  page,
  administrator,
  origin,
  conduct,
}) => {
  await openAccount(page, await addSomebody(administrator, 'guest'));
  const call = async (token: string, path: string) => {
    const address = origin.replace('homeserver.lan', 'localhost') + path;
    return (await fetch(address, { headers: { Authorization: `Bearer ${token}` } })).status;
  };

  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = dialogOf(page);
  // No more than a guest may do.
  await expect(dialog.getByRole('checkbox')).toHaveCount(3);
  await dialog.getByRole('checkbox', { name: /Read files/ }).uncheck();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog.getByText('A token needs a name.')).toBeVisible();
  await expect(dialog.getByText('Choose what it may do.')).toBeVisible();
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await expectAccessible(page);

  await dialog.getByLabel('Name', { exact: true }).fill('Backup script');
  await dialog.getByRole('checkbox', { name: /Read files/ }).check();
  await dialog.getByLabel('Ends after').selectOption('1 year');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  const token = (await dialog.getByLabel('Token', { exact: true }).textContent()) ?? '';
  expect(token).toMatch(/^hs_/);
  expect(await call(token, '/api/v1/files/list')).toBe(200);
  expect(await call(token, '/api/v1/monitoring/system')).toBe(403);
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('button', { name: /Copied|Selected/ })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Backup script', { exact: true })).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);

  await page.getByRole('button', { name: 'Delete the token Backup script' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('The token “Backup script” was deleted.')).toBeVisible();
  await expect.poll(() => call(token, '/api/v1/files/list')).toBe(401);
  conduct.forgive(REFUSALS);
});
