import { expect } from '@playwright/test';

import { addSomebody } from './fixtures/people';
import { test } from './fixtures/server';
import { SignedIn } from './fixtures/signed-in';

test('should let somebody see a drive at once, and no longer when it is taken back', async ({
  page,
  administrator,
  origin,
}) => {
  const mara = await addSomebody(administrator);
  const session = await SignedIn.at(origin, mara.credentials);
  const seen = async () => (await session.fetch('/api/v1/drives')).text();
  expect(await seen()).not.toContain('"Files"');
  await page.goto('/access');
  const access = page.getByLabel(`${mara.username} on Files`);
  await expect(access).toHaveValue('none');

  await access.selectOption('Read');
  await expect(page.getByText(`${mara.username} can read Files.`)).toBeVisible();
  await expect.poll(seen).toContain('"Files"');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(access).toHaveValue('none');
  await expect.poll(seen).not.toContain('"Files"');
});

test('should not let anybody take a personal drive from its owner', async ({
  page,
  administrator,
}) => {
  const { username } = await addSomebody(administrator);
  await page.goto('/access');

  const drive = page.getByRole('row').filter({
    has: page.getByRole('rowheader', { name: username, exact: true }),
  });
  await expect(drive.getByText('Owner')).toBeVisible();
  await expect(page.getByLabel(`${username} on ${username}`)).toHaveCount(0);
  await expect(page.getByLabel(`anna on ${username}`)).toHaveValue('none');
});

test('should show the people of each drive on a phone, the personal drives when asked for', async ({
  page,
  administrator,
}) => {
  const { username } = await addSomebody(administrator);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/access');

  await expect(page.getByLabel(`${username} on Files`)).toBeVisible();
  await expect(page.getByLabel(`anna on ${username}`)).toHaveCount(0);
  await page.getByRole('button', { name: /^Personal drives/ }).click();
  await expect(page.getByLabel(`anna on ${username}`)).toBeVisible();
});
