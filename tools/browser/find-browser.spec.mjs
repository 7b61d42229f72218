import { describe, expect, it } from '@jest/globals';

import { BrowserMissingError, environmentFor, installedBrowser } from './find-browser.mjs';

describe('installedBrowser', () => {
  it('should be the one that CHROME_PATH names', () => {
    expect(installedBrowser({ CHROME_PATH: process.execPath })).toEqual({
      executablePath: process.execPath,
      environment: {},
    });
  });

  it('should say what CHROME_PATH takes when it names nothing', () => {
    expect(() => installedBrowser({ CHROME_PATH: '/nowhere/chrome' })).toThrow(BrowserMissingError);
    expect(() => installedBrowser({ CHROME_PATH: '/nowhere/chrome' })).toThrow(
      /^CHROME_PATH is “\/nowhere\/chrome”/,
    );
  });

  it('should be found as it was by another process, with all that it is started with', () => {
    const browser = {
      executablePath: process.execPath,
      environment: { LD_LIBRARY_PATH: '/libraries' },
    };

    expect(installedBrowser(environmentFor(browser))).toEqual(browser);
  });
});
