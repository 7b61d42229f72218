import { expect, test } from './fixtures/server';

test('should open on the dashboard', async ({ page }) => {
  await page.goto('/');

  await expect(page).toHaveURL(/\/dashboard$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
});

test('should open the files page when its link is followed', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Files' }).click();

  await expect(page).toHaveURL(/\/files/);
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
});
