import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('the web app over HTTP', () => {
  let server: TestApp;
  let webRoot: string;

  beforeAll(async () => {
    webRoot = await mkdtemp(path.join(tmpdir(), 'homeserver-test-web-'));
    await writeFile(path.join(webRoot, 'index.html'), '<title>HomeServer</title>');
    for (const name of ['main-ABCD1234.js', 'chunk-Cpf-rAmM.js', 'early.js'])
      await writeFile(path.join(webRoot, name), 'start();');
    server = await startTestApp({ webRoot });
  });

  afterAll(async () => {
    await server.close();
    await rm(webRoot, { recursive: true, force: true });
  });

  it.each(['/', '/dashboard', '/files?tag=holiday', '/a/page/of/tomorrow'])(
    'should answer the page when the path is %s',
    async (address) => {
      const response = await fetch(server.url + address);

      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>HomeServer</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each([
    ['main-ABCD1234.js', 'public, max-age=31536000, immutable'],
    ['chunk-Cpf-rAmM.js', 'public, max-age=31536000, immutable'],
    ['early.js', 'no-cache'],
  ])(
    'should let browsers keep for good what bears a hash in its name: %s',
    async (name, control) => {
      const response = await fetch(`${server.url}/${name}`);
      expect(response.headers.get('cache-control')).toBe(control);
    },
  );

  it.each([
    ['/static/dashboard.html', '/dashboard'],
    ['/static/files.html', '/files'],
  ])('should lead %s to %s', async (from, to) => {
    const response = await fetch(server.url + from, { redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(to);
  });

  it.each([
    '/api/v1/nothing',
    '/api',
    '/API/V1/drives',
    '/Health/live',
    '/DOCS',
    '/metrics',
    '/static/other.html',
    '/health/nothing',
    '/api/v1/auth/sign-in',
  ])('should answer a problem, and no page, when the path is %s', async (address) => {
    const response = await fetch(server.url + address);

    expect(response.status).toBe(404);
    expect((await readProblem(response)).code).toBe('http.not_found');
  });

  it('should answer 404 when a file of the app is not there', async () => {
    expect((await fetch(`${server.url}/missing-ABCD1234.js`)).status).toBe(404);
  });
});
