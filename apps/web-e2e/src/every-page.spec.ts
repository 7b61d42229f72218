import type { Page } from '@playwright/test';

import { emptyDrive } from './fixtures/files';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  rememberTheme,
  SIZES,
  type Theme,
  THEMES,
} from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

/** What is there when a page has its data. */
const PAGES = [
  { path: '/dashboard', landmark: 'CPU, last 15 minutes' },
  { path: '/files', landmark: 'Nothing here yet' },
  { path: '/files/usage', landmark: 'Nothing takes room here' },
  { path: '/trash', landmark: /The trash is empty|days left|Goes today/ },
  { path: '/drives', landmark: 'Last scan' },
  { path: '/account', landmark: 'Display name' },
  { path: '/users', landmark: 'anna' },
  { path: '/access', landmark: 'anna' },
  { path: '/audit', landmark: 'Today' },
];

test.beforeEach(({ administrator }) => emptyDrive(administrator));

for (const { path, landmark } of PAGES) {
  for (const size of SIZES) {
    for (const theme of THEMES) {
      test(`should be usable by everybody when ${path} is opened on ${size.name} in the ${theme} theme`, async ({
        page,
      }) => {
        await page.setViewportSize(size);
        await rememberTheme(page, theme);
        await page.goto(path);

        await expect(page.getByRole('main').getByText(landmark).first()).toBeVisible();
        await expectUsable(page, theme);
      });
    }
  }
}

test.describe('before the sign-in', () => {
  test.use({ signedOut: true });

  for (const size of SIZES) {
    for (const theme of THEMES) {
      test(`should be usable by everybody when the sign-in is opened on ${size.name} in the ${theme} theme`, async ({
        page,
        conduct,
      }) => {
        await page.setViewportSize(size);
        await rememberTheme(page, theme);
        await page.goto('/');

        await expect(page.getByLabel('User name')).toBeVisible();
        await expectUsable(page, theme);
        conduct.forgive(/401/);
      });
    }
  }
});

test('should be usable by everybody when the menu of the person is open', async ({ page }) => {
  await page.goto('/files');
  await page.getByRole('button', { name: 'Account of anna' }).press('Enter');
  await expect(page.getByRole('link', { name: 'Account' })).toBeVisible();
  await expectAccessible(page);

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Account' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Account of anna' })).toBeFocused();
});

async function expectUsable(page: Page, theme: Theme): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
}
