import { existsSync } from 'node:fs';
import path from 'node:path';

import { fetchBrowser, FETCHED_PLATFORM } from './fetch-browser.mjs';

const USUAL_PLACES = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    path.join(
      process.env.HOME ?? '/',
      'Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ),
  ],
};

/**
 * @typedef {object} Browser
 * @property {string} executablePath
 * @property {Record<string, string>} environment what it must be started with
 */

/** No browser could be had. The message says what to do. */
export class BrowserMissingError extends Error {}

/**
 * The browser that is there already: what CHROME_PATH names (started with the variables of
 * CHROME_ENVIRONMENT, JSON, where those are set), else one in a usual place.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Browser | null}
 * @throws BrowserMissingError when CHROME_PATH names nothing
 */
export function installedBrowser(environment = process.env) {
  const named = environment.CHROME_PATH ?? '';
  if (named !== '') {
    if (!existsSync(named))
      throw new BrowserMissingError(
        `CHROME_PATH is “${named}”; it takes: the path of a Chromium or Chrome.`,
      );
    return {
      executablePath: named,
      environment: JSON.parse(environment.CHROME_ENVIRONMENT ?? '{}'),
    };
  }
  const found = (USUAL_PLACES[process.platform] ?? []).find((place) => existsSync(place));
  return found === undefined ? null : { executablePath: found, environment: {} };
}

/** A browser as `installedBrowser` of another process finds it. @param {Browser} browser */
export function environmentFor({ executablePath, environment }) {
  return { CHROME_PATH: executablePath, CHROME_ENVIRONMENT: JSON.stringify(environment) };
}

/**
 * A Chromium for the tests: one that is installed, else one that is fetched from the npm registry into a
 * folder of the workspace. Nothing of the system is changed.
 * @param {{ isInstalledUsed?: boolean }} options `isInstalledUsed: false` passes over what is installed
 * @returns {Promise<Browser>}
 * @throws BrowserMissingError
 */
export async function findBrowser({ isInstalledUsed = true } = {}) {
  const installed = isInstalledUsed ? installedBrowser() : null;
  if (installed !== null) return installed;
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== FETCHED_PLATFORM) {
    throw new BrowserMissingError(
      `No browser was found, and none can be fetched for ${platform}. Install Chrome or Chromium, or set CHROME_PATH to one.`,
    );
  }
  try {
    return await fetchBrowser();
  } catch (error) {
    throw new BrowserMissingError(
      `No browser was found, and none could be fetched: ${error.message} Install Chrome or Chromium, or set CHROME_PATH to one.`,
      { cause: error },
    );
  }
}
