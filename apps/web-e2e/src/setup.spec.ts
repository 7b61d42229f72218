import { expectAccessible, expectNoSidewaysScroll, SIZES, THEMES } from './fixtures/page-checks';
import { RunningServer } from './fixtures/running-server';
import { expect, test as base } from './fixtures/server';
import { ADMINISTRATOR } from './fixtures/signed-in';

/** Journeys against a server on which nobody has an account. */
const test = base.extend<object, { server: RunningServer }>({
  server: [
    async ({}, use) => {
      const server = await RunningServer.startFresh();
      await use(server);
      await server.remove();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  storageState: async ({}, use) => {
    await use(undefined);
  },
});

/** As a person reads it where the server was started. */
function printedToken(server: RunningServer): string {
  const token = /The set-up token is (\S+)/.exec(server.said)?.[1];
  if (token === undefined) throw new Error(`No token was printed:\n${server.said}`);
  return token;
}

test('should make the first administrator with the token that was printed', async ({
  page,
  server,
  conduct,
}) => {
  // Whatever page is wanted, there is only this one.
  await page.goto('/files');
  await expect(page).toHaveURL(/\/setup$/);
  await expect(page.getByLabel('Set-up token')).toBeFocused();
  for (const size of SIZES) {
    for (const theme of THEMES) {
      await page.setViewportSize(size);
      await page.evaluate((chosen) => localStorage.setItem('homeserver.theme', chosen), theme);
      await page.reload();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to HomeServer');
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  }

  // What is missing is said at its field, without asking the server.
  await page.getByRole('button', { name: 'Set up HomeServer' }).click();
  await expect(page.getByLabel('Set-up token')).toBeFocused();
  await expect(page.getByText('Give the set-up token.')).toBeVisible();
  await expect(page.getByText(/A user name has 1 to 32/)).toBeVisible();
  await expect(page.getByText('A password has at least 10 characters.')).toBeVisible();

  await page.getByLabel('Set-up token').fill('wrong-token');
  await page.getByLabel('User name').fill(ADMINISTRATOR.username);
  await page.getByLabel('Password', { exact: true }).fill('password1234');
  await page.getByRole('button', { name: 'Set up HomeServer' }).click();
  await expect(page.getByText('This is not the set-up token.')).toBeVisible();
  await expect(page.getByLabel('Set-up token')).toBeFocused();

  await page.getByLabel('Set-up token').fill(printedToken(server));
  await page.getByRole('button', { name: 'Set up HomeServer' }).click();
  await expect(page.getByText(/one of the first that others would try/)).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();

  await page.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Set up HomeServer' }).click();
  await expect(page).toHaveURL(/\/dashboard$/);
  await expect(page.getByRole('button', { name: 'Account of anna' })).toBeVisible();

  // It happens once.
  await page.goto('/setup');
  await expect(page).toHaveURL(/\/dashboard$/);
  conduct.forgive(/401|403|422/);
});
