import path from 'node:path';

import { defineConfig } from '@playwright/test';

import { installedBrowser } from '../../tools/browser/find-browser.mjs';
import type { ServerOptions } from './src/fixtures/server';

/** Started as root, without the network, on a machine that may have no graphics. */
const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const browser = installedBrowser();

function launchWith(...more: string[]) {
  if (browser === null) {
    throw new Error('No browser was found. Run npm test, which fetches one, or set CHROME_PATH.');
  }
  const { executablePath, environment } = browser;
  return {
    executablePath,
    env: { ...process.env, ...environment },
    args: [...BROWSER_ARGUMENTS, ...more],
  };
}

/** Every journey runs on a name that browsers trust, and on one of the home network, which they do not. */
export default defineConfig<object, ServerOptions>({
  testDir: path.join(import.meta.dirname, 'src'),
  outputDir: path.join(import.meta.dirname, '..', '..', 'test-results'),
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // Long enough for a machine that is busy with much else: journeys wait for events, never for time.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
  },
  projects: [
    { name: 'localhost', use: { hostname: 'localhost', launchOptions: launchWith() } },
    {
      name: 'homeserver.lan',
      testIgnore: [
        // What a page looks like is the same under every name.
        '**/every-page.spec.ts',
        // Chromium ended a page without a secure context in which a program let go of a dragged folder; what reads
        // it there, dropped-files.ts, has its own tests, and a folder that is chosen comes under every name.
        '**/dropped-folder.spec.ts',
      ],
      use: {
        hostname: 'homeserver.lan',
        launchOptions: launchWith('--host-resolver-rules=MAP homeserver.lan 127.0.0.1'),
      },
    },
  ],
});
