import {
  expectAccessible,
  expectNoSidewaysScroll,
  rememberTheme,
  SIZES,
  THEMES,
} from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

/** What is there when a page has its data. */
const PAGES = [
  { path: '/dashboard', landmark: 'CPU, last 15 minutes' },
  { path: '/files', landmark: 'Nothing here yet' },
];

for (const { path, landmark } of PAGES) {
  for (const size of SIZES) {
    for (const theme of THEMES) {
      test(`should be usable by everybody when ${path} is opened on ${size.name} in the ${theme} theme`, async ({
        page,
      }) => {
        await page.setViewportSize(size);
        await rememberTheme(page, theme);
        await page.goto(path);

        await expect(page.getByText(landmark)).toBeVisible();
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      });
    }
  }
}
