import { expect, test } from './fixtures/server';

test('should open on the dashboard, and lead to the files and back', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/dashboard$/);
  await expect(page).toHaveTitle('Dashboard · HomeServer');

  const pages = page.getByRole('navigation').first();
  await pages.getByRole('link', { name: 'Files' }).first().click();
  await expect(page).toHaveURL(/\/files/);
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/\/dashboard$/);
});

for (const [from, to] of [
  ['/static/dashboard.html', /\/dashboard$/],
  ['/static/files.html', /\/files$/],
] as const) {
  test(`should arrive where it was meant when the address of old, ${from}, is opened`, async ({
    page,
  }) => {
    await page.goto(from);
    await expect(page).toHaveURL(to);
  });
}

test('should keep the theme that was chosen when the page is opened again', async ({ page }) => {
  await page.goto('/dashboard');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await page.getByRole('button', { name: /light theme/i }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

for (const [address, heading] of [
  ['/docs', 'HomeServer'],
  ['/docs/events', 'Sockets'],
] as const) {
  test(`should show its documents under their own strict policy when ${address} is opened`, async ({
    page,
  }) => {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
  });
}
