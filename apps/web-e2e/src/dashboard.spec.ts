import { expect, test } from './fixtures/server';

test('should show the machine, and move, while somebody looks on', async ({ page }) => {
  const frames: string[] = [];
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/monitoring/ws')) return;
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
  });
  await page.goto('/dashboard');

  for (const title of ['CPU', 'Memory', 'Disks', 'Files']) {
    await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible();
  }
  await expect(page.getByText(/up \d/)).toBeVisible();
  await expect.poll(() => new Set(frames).size, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
});

test('should say so, keep what it showed, and go on by itself when the server was away', async ({
  page,
  server,
  conduct,
}) => {
  await page.goto('/dashboard');
  // Not the words above, whose skeleton has the same.
  await expect(page.getByRole('heading', { name: 'Memory', exact: true })).toBeVisible();

  await server.stop();
  await expect(page.getByText(/Trying to reach HomeServer again/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Memory', exact: true })).toBeVisible();

  await server.start();
  // The page tries by itself, too, and may be quicker.
  const tryNow = page.getByRole('button', { name: 'Try now' });
  await tryNow.click({ timeout: 5_000 }).catch(() => undefined);
  await expect(page.getByText(/up \d/)).toBeVisible({ timeout: 60_000 });
  // The browser itself notes each attempt that found nobody.
  conduct.forgive(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection|502/);
});
