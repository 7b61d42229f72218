import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startTestApp, type TestApp } from '../../../test/test-app';

describe('the documents of the sockets over HTTP', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  it('should answer a page that may run nothing when a person looks at /docs/events', async () => {
    const response = await fetch(`${server.url}/docs/events`);
    const policy = response.headers.get('content-security-policy') ?? '';

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).toContain('<h1>Sockets</h1>');
  });

  it('should answer the stylesheet that the page names', async () => {
    const page = await (await fetch(`${server.url}/docs/events`)).text();
    const [, address = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page) ?? [];
    const response = await fetch(server.url + address);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  it('should lead from the calls to the sockets, and back', async () => {
    const calls: unknown = await (await fetch(`${server.url}/docs-json`)).json();
    const page = await (await fetch(`${server.url}/docs/events`)).text();

    expect(calls).toMatchObject({
      info: { description: expect.stringContaining('(/docs/events)') },
    });
    expect(page).toContain('href="/docs"');
  });
});
