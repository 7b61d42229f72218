import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startTestApp, type TestApp } from '../../../test/test-app';

describe('the safety headers over HTTP', () => {
  let server: TestApp;
  let webRoot: string;

  beforeAll(async () => {
    webRoot = await mkdtemp(path.join(tmpdir(), 'homeserver-test-web-'));
    await writeFile(path.join(webRoot, 'index.html'), '<title>HomeServer</title>');
    await writeFile(path.join(webRoot, 'main-ABCD1234.js'), 'start();');
    server = await startTestApp({
      webRoot,
      publicUrl: 'https://home.example.org',
      trustProxy: 'loopback',
    });
  });

  afterAll(async () => {
    await server.close();
    await rm(webRoot, { recursive: true, force: true });
  });

  function ask(address: string, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> {
    const sent = request(server.url + address, { headers }).end();
    return new Promise((resolve, reject) => {
      sent.once('error', reject).once('response', (response) => resolve(response.resume()));
    });
  }

  /** The directives of an answer's policy, such as `script-src` → `'self'`. */
  function policyOf({ headers }: IncomingMessage): Map<string, string> {
    const directives = String(headers['content-security-policy']).split('; ');
    return new Map(
      directives.map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values.join(' ')];
      }),
    );
  }

  it.each(['/', '/dashboard', '/sign-in', '/main-ABCD1234.js', '/docs'])(
    'should let a page run nothing but files of ours when it is %s',
    async (address) => {
      const policy = policyOf(await ask(address));

      expect(policy.get('default-src')).toBe("'none'");
      expect(policy.get('script-src')).toBe("'self'");
      expect(policy.get('connect-src')).toBe("'self'");
      expect(policy.get('frame-ancestors')).toBe("'none'");
      expect([...policy.keys()]).not.toContain('upgrade-insecure-requests');
    },
  );

  it('should let the web app hand text to dangerous places through its sanitizers alone', async () => {
    const policy = policyOf(await ask('/'));

    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect(policy.get('trusted-types')).toBe('angular angular#components');
    expect(policy.get('base-uri')).toBe("'self'");
    expect(policy.get('form-action')).toBe("'self'");
    expect(policy.get('object-src')).toBe("'none'");
  });

  it('should renew the same policy when a browser asks whether its page is still the same', async () => {
    const first = await ask('/');
    const again = await ask('/', { 'if-none-match': first.headers.etag });

    expect(again.statusCode).toBe(304);
    expect(policyOf(again)).toEqual(policyOf(first));
  });

  it.each([
    '/api/v1/files/list',
    '/api/v1/nothing',
    '/health/live',
    '/docs-json',
    '/metrics',
    '/static/files.html',
  ])('should let an answer load nothing when it is that of %s', async (address) => {
    const response = await ask(address);

    expect(response.headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringMatching(
        /camera=\(\).*publickey-credentials-get=\(self\)/,
      ),
    });
  });

  it.each([
    ['https', 'homeserver.lan', 'same-origin'],
    ['http', 'localhost:8000', 'same-origin'],
    ['http', '[::1]:8000', 'same-origin'],
    ['http', 'homeserver.lan', undefined],
    ['http', '192.168.1.7:8000', undefined],
    ['http', '127.0.0.1.local', undefined],
  ])('should keep openers away where browsers heed it: %s://%s', async (scheme, host, policy) => {
    const { headers } = await ask('/', { host, 'x-forwarded-proto': scheme });

    expect(headers['cross-origin-opener-policy']).toBe(policy);
  });

  it.each([
    ['https', 'home.example.org', 'max-age=31536000'],
    ['http', 'home.example.org', undefined],
    ['https', 'homeserver.lan', undefined],
    ['https', '192.168.1.7', undefined],
  ])(
    'should bind a name to HTTPS when it is PUBLIC_URL’s: %s://%s',
    async (scheme, host, value) => {
      for (const address of ['/', '/api/v1/files/list', '/docs']) {
        const { headers } = await ask(address, { host, 'x-forwarded-proto': scheme });

        expect(headers['strict-transport-security']).toBe(value);
      }
    },
  );
});
