import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Page } from '@playwright/test';

import { dropFiles, emptyDrive, putFile, rowOf, sha256Of, uploadsOf } from './fixtures/files';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/page-checks';
import { expect, test } from './fixtures/server';

/** Takes some seconds on a slow network. */
const FILM = Buffer.alloc(12_000_000, 'film');
const TAKEN_LONG_AGO = new Date('2019-08-02T17:04:11.000Z');

let folder: string;

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
  folder = await mkdtemp(path.join(tmpdir(), 'homeserver-uploads-'));
});

test.afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function choose(page: Page, button: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await (await chooser).setFiles(file);
}

/** A network that takes so many bytes a second. */
async function throttle(page: Page): Promise<(bytesPerSecond: number) => Promise<void>> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Network.enable');
  return async (bytesPerSecond) => {
    await browser.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: Number.isFinite(bytesPerSecond) ? bytesPerSecond : -1,
    });
  };
}

/** The offsets at which bytes were sent. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

const shareOf = async (page: Page, name: string) =>
  Number(await uploadsOf(page).getByRole('progressbar', { name }).getAttribute('aria-valuenow'));

test('should bring a folder that is chosen, with what is in it', async ({ page, server }) => {
  const photos = path.join(folder, 'Photos');
  await mkdir(path.join(photos, '2026', 'May'), { recursive: true });
  for (const name of ['cover.txt', '2026/one.txt', '2026/May/two.txt'])
    await writeFile(path.join(photos, name), name);
  await utimes(path.join(photos, 'cover.txt'), TAKEN_LONG_AGO, TAKEN_LONG_AGO);

  await page.goto('/files');
  await choose(page, 'Choose a folder', photos);
  await expect(uploadsOf(page).getByRole('heading', { name: '3 files uploaded' })).toBeVisible();
  await expect(rowOf(page, 'Photos')).toContainText('3 files');
  const place = path.join(server.filesFolder, 'Photos');
  expect(await readFile(path.join(place, '2026', 'May', 'two.txt'), 'utf8')).toBe(
    '2026/May/two.txt',
  );
  expect((await stat(path.join(place, 'cover.txt'))).mtime).toEqual(TAKEN_LONG_AGO);
});

test('should go on by itself when the connection breaks, and where it was after a pause', async ({
  page,
  server,
  conduct,
}) => {
  await page.goto('/files');
  let breaks = 0;
  await page.route('**/api/v1/uploads/*', async (route) => {
    const isBroken = route.request().method() === 'PATCH' && breaks < 2;
    if (!isBroken) return route.continue();
    breaks += 1;
    return route.abort('connectionreset');
  });
  await dropFiles(page, [{ name: 'patient.bin', content: 'x'.repeat(1_200_000) }]);
  await expect(rowOf(page, 'patient.bin')).toBeVisible();
  expect(breaks).toBe(2);
  await page.unroute('**/api/v1/uploads/*');

  await writeFile(path.join(folder, 'film.bin'), FILM);
  const offsets = offsetsOf(page);
  const setSpeed = await throttle(page);
  await setSpeed(1_200_000);
  await choose(page, 'Upload', path.join(folder, 'film.bin'));
  const uploads = uploadsOf(page);
  await expect.poll(() => shareOf(page, 'film.bin')).toBeGreaterThan(10);
  await uploads.getByRole('button', { name: 'Pause film.bin' }).press('Enter');
  await expect(uploads.getByText('paused', { exact: true })).toBeVisible();
  await setSpeed(Infinity);
  await expect(uploads.getByRole('button', { name: 'Go on with film.bin' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'film.bin')).toBeVisible();
  expect(offsets.at(-1)).toBeGreaterThan(0);
  expect(sha256Of(await readFile(path.join(server.filesFolder, 'film.bin')))).toBe(sha256Of(FILM));
  // A writer that was cut off may still put down what it had: the next one waits, and is told where it goes on.
  conduct.forgive(/ERR_CONNECTION_RESET|409|423/);
});

test('should offer to go on after a reload, and go on where it was', async ({ page, server }) => {
  await writeFile(path.join(folder, 'film.bin'), FILM);
  await page.goto('/files');
  const setSpeed = await throttle(page);
  await setSpeed(1_200_000);
  await choose(page, 'Choose files', path.join(folder, 'film.bin'));
  const uploads = uploadsOf(page);
  await expect.poll(() => shareOf(page, 'film.bin')).toBeGreaterThan(10);

  page.on('dialog', (question) => void question.accept());
  await page.reload();
  await setSpeed(Infinity);
  await expect(uploads.getByText('1 upload (12.0 MB) did not come to the end')).toBeVisible();
  await expectAccessible(page);
  const offsets = offsetsOf(page);
  const chooser = page.waitForEvent('filechooser');
  await uploads.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles(path.join(folder, 'film.bin'));
  await expect(uploads.getByRole('heading', { name: '1 file uploaded' })).toBeVisible();
  expect(offsets).toHaveLength(1);
  expect(offsets[0]).toBeGreaterThan(0);
  expect(sha256Of(await readFile(path.join(server.filesFolder, 'film.bin')))).toBe(sha256Of(FILM));
  await page.reload();
  await expect(rowOf(page, 'film.bin')).toBeVisible();
  await expect(uploads).toBeHidden();
});

test('should ask once for all when names are taken', async ({
  page,
  server,
  administrator,
  conduct,
}) => {
  for (const name of ['one.txt', 'two.txt']) await putFile(administrator, { name, content: 'old' });
  await page.goto('/files');
  await expect(rowOf(page, 'two.txt')).toBeVisible();
  await dropFiles(
    page,
    ['one.txt', 'two.txt', 'three.txt'].map((name) => ({ name, content: 'new' })),
  );
  const uploads = uploadsOf(page);
  // What is not in question has arrived meanwhile.
  await expect(rowOf(page, 'three.txt')).toBeVisible();
  await expect(uploads.getByText('2 files are there already')).toBeVisible();
  await uploads.getByRole('button', { name: 'Keep both' }).click();
  await expect(rowOf(page, 'one (2).txt')).toBeVisible();
  await expect(rowOf(page, 'two (2).txt')).toBeVisible();
  expect(await readFile(path.join(server.filesFolder, 'one.txt'), 'utf8')).toBe('old');
  conduct.forgive(/409/);
});

test('should keep both, without sending it again, when the name is taken at the end of a large upload', async ({
  page,
  administrator,
  conduct,
}) => {
  const slowly = await throttle(page);
  const offsets = offsetsOf(page);
  await writeFile(path.join(folder, 'film.mov'), FILM);
  await page.goto('/files');
  await slowly(3_000_000);
  await choose(page, 'Choose files', path.join(folder, 'film.mov'));
  await expect.poll(() => offsets).toHaveLength(1);
  await putFile(administrator, { name: 'film.mov', content: 'another' });
  await slowly(Infinity);

  const uploads = uploadsOf(page);
  await uploads.getByRole('button', { name: 'Keep both' }).click();
  conduct.forgive(/409/);
  await expect(uploads.getByRole('heading', { name: '1 file uploaded' })).toBeVisible();
  await expect(rowOf(page, 'film (2).mov')).toContainText('12.0 MB');
  expect(offsets).toEqual([0]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('should show the uploads at the foot', async ({ page }) => {
    await page.goto('/files');
    await page.route('**/api/v1/uploads/*', () => undefined);
    await dropFiles(page, [{ name: 'film.bin', content: 'x'.repeat(1_200_000) }]);
    const uploads = uploadsOf(page);
    await expect(uploads.getByRole('button', { name: 'Pause film.bin' })).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await uploads.getByRole('button', { name: 'Pause all uploads' }).tap();
    await expect(uploads.getByRole('heading', { name: 'Paused, 1 to go' })).toBeVisible();
    await uploads.getByRole('button', { name: 'Cancel all' }).tap();
    await expect(uploads).toBeHidden();
  });
});
