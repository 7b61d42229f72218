import {
  expectAccessible,
  expectNoSidewaysScroll,
  rememberTheme,
  SIZES,
  THEMES,
} from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

const PAGES = [
  { path: '/dashboard', heading: 'Dashboard' },
  { path: '/files', heading: 'Files' },
];

for (const { path, heading } of PAGES) {
  for (const size of SIZES) {
    for (const theme of THEMES) {
      test(`should be usable by everybody when ${path} is opened on ${size.name} in the ${theme} theme`, async ({
        page,
      }) => {
        await page.setViewportSize(size);
        await rememberTheme(page, theme);
        await page.goto(path);

        await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      });
    }
  }
}
