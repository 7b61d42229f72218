import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, withNavigationErrorHandler } from '@angular/router';

import { openAnew } from './outdated-app';

@Component({ template: '' })
class Page {}

/** What browsers throw when a file of the app is not there. */
const MISSING = new TypeError('Failed to fetch dynamically imported module');

describe('openAnew', () => {
  const browserFetch = globalThis.fetch;
  let opened: string[];
  let isServerThere: boolean;

  beforeEach(() => {
    opened = [];
    isServerThere = true;
    const fetch = () =>
      isServerThere ? Promise.resolve({ ok: true }) : Promise.reject(new TypeError('away'));
    Object.assign(globalThis, { fetch });
    const page = { location: { assign: (address: string) => opened.push(address) } };
    TestBed.configureTestingModule({
      providers: [
        provideRouter(
          [
            { path: 'dashboard', component: Page },
            { path: 'files', loadComponent: () => Promise.reject(MISSING) },
            { path: 'broken', loadComponent: () => Promise.reject(new Error('other')) },
          ],
          withNavigationErrorHandler((error) => openAnew(error, page)),
        ),
      ],
    });
  });

  afterEach(() => Object.assign(globalThis, { fetch: browserFetch }));

  async function open(...paths: string[]): Promise<void> {
    for (const path of paths) {
      // What fails is told to the handler, and rejects too.
      await TestBed.inject(Router)
        .navigateByUrl(path)
        .catch(() => undefined);
    }
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  it('should load the app anew when a page of it is not there any more', async () => {
    await open('/dashboard', '/files');
    expect(opened).toEqual(['/files']);
  });

  it('should stay when the server is away, since there is nothing newer to load', async () => {
    isServerThere = false;
    await open('/dashboard', '/files');
    expect(opened).toEqual([]);
  });

  it('should not load again and again when the first page fails, or for another reason', async () => {
    await open('/files');
    await open('/dashboard', '/broken');
    expect(opened).toEqual([]);
  });
});
