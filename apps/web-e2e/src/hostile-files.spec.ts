import { emptyDrive, putFile } from './fixtures/files';
import { expect, test } from './fixtures/server';
import type { SignedIn } from './fixtures/signed-in';

const ACT = 'document.title = "acted"; fetch("/api/v1/me");';
const MARKUP = `<script>${ACT}</script><img src="x" onerror='${ACT}' alt="">`;

/** What somebody may have stored who means harm to whoever opens it. */
const FILES = [
  {
    name: 'Photos of you.html',
    content: `<!doctype html><title>quiet</title><meta http-equiv="refresh" content="0;url=/dashboard"><p>Hello</p>${MARKUP}`,
  },
  {
    name: 'Map.svg',
    content: `<svg xmlns="http://www.w3.org/2000/svg" onload='${ACT}'><title>quiet</title><script>${ACT}</script></svg>`,
  },
  {
    name: 'Letter.xhtml',
    content: `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>quiet</title></head><body><script>${ACT}</script></body></html>`,
  },
];

async function idOf(administrator: SignedIn, name: string): Promise<string> {
  const list = await (await administrator.fetch('/api/v1/files/list')).text();
  const [, id] = new RegExp(`"id":"([0-9a-f-]+)"[^{}]*"filename":"${name}"`).exec(list) ?? [];
  if (id === undefined) throw new Error(`${name} is not in the list.`);
  return id;
}

test.beforeEach(async ({ administrator }) => {
  await emptyDrive(administrator);
});

for (const file of FILES) {
  test(`should let nothing act when a person opens “${file.name}” by itself`, async ({
    page,
    administrator,
    conduct,
  }) => {
    await putFile(administrator, file);
    const address = `/api/v1/files/${await idOf(administrator, file.name)}/download?inline=1`;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const isRefused = page.waitForEvent('console', (message) =>
      /Blocked script execution/.test(message.text()),
    );
    await page.goto(address, { waitUntil: 'load' });
    await isRefused;

    expect(await page.title()).not.toBe('acted');
    expect(asked).not.toContain('/api/v1/me');
    await expect(page).toHaveURL(address);
    // What the file wanted, and was not given.
    conduct.forgive(/Blocked script execution|Refused to execute|NotSameOrigin|ERR_BLOCKED|404/);
  });
}

test('should let no stored script into a page of ours', async ({
  page,
  administrator,
  conduct,
}) => {
  await putFile(administrator, { name: 'Code.js', content: ACT });
  const address = `/api/v1/files/${await idOf(administrator, 'Code.js')}/download`;
  await page.goto('/files');
  const outcome = page.evaluate((source) => {
    const script = document.createElement('script');
    script.src = source;
  }, address);

  await expect(outcome).rejects.toThrow(/TrustedScriptURL/);
  conduct.forgive(/TrustedScriptURL/);
});
