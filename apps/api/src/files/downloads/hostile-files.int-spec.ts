import type { FileMetadata } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem, upload } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

const SCRIPT = '<script>fetch("/api/v1/files/list")</script>';

/** What would act in a browser, if it were let. */
const ACTIVE = [
  ['page.html', `<!doctype html>${SCRIPT}`, 'text/html'],
  ['picture.svg', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`, 'image/svg+xml'],
  [
    'page.xhtml',
    `<html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`,
    'application/xhtml+xml',
  ],
  ['sheet.xml', `<?xml-stylesheet href="evil.xsl"?><a>${SCRIPT}</a>`, 'application/xml'],
  ['feed.atom', `<feed>${SCRIPT}</feed>`, 'application/atom+xml'],
  ['form.pdf', '%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >>', 'application/pdf'],
  ['saved.mhtml', `MIME-Version: 1.0\nContent-Type: text/html\n\n${SCRIPT}`, 'message/rfc822'],
  ['code.js', 'fetch("/api/v1/files/list")', 'text/javascript'],
  ['style.css', 'body { background: url("/api/v1/files/list") }', 'text/css'],
  ['old.swf', 'FWS', 'application/x-shockwave-flash'],
  ['picture.png', `<!doctype html>${SCRIPT}`, 'text/plain'],
  ['nothing', `<!doctype html>${SCRIPT}`, 'text/plain'],
] as const;

/** Names that would leave the header, or its parameter, if they were pasted into it. */
const NAMES = [
  'a"; filename="evil.html',
  "it's; filename*=UTF-8''evil.html",
  'a;b=c.txt',
  'back\\slash\\".txt',
  'percent%0d%0aX-Evil: 1.txt',
  'percent%22.txt',
  '\u202egpj.exe',
  'line\u2028separator.txt',
  'Grüße 日本 🎉.txt',
  'e\u0301 decomposed.txt',
  '<img src=x onerror=alert(1)>.txt',
  ' leading and trailing .txt ',
];

/** RFC 6266 with RFC 8187: printable ASCII, quoted, and the same in percent-encoded UTF-8. */
const DISPOSITION =
  /^attachment; filename="((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"(?:; filename\*=UTF-8''((?:[\w.!#$&+^`|~-]|%[0-9A-F]{2})+))?$/;

describe('files that mean harm', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const addressOf = (file: FileMetadata, query = '') =>
    `${server.url}/api/v1/files/${file.id}/download${query}`;

  function expectInert({ headers }: Response): void {
    const policy = headers.get('content-security-policy')?.split('; ') ?? [];
    expect(policy).toContain('sandbox');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/script-src|allow-/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  }

  it.each(ACTIVE)('should stay inert when it is %s', async (name, content, type) => {
    const file = await upload(server, { name, content });
    for (const [query, disposition] of [
      ['', 'attachment'],
      ['?inline=0', 'attachment'],
      ['?inline=1', 'inline'],
    ] as const) {
      const response = await fetch(addressOf(file, query));

      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
      expectInert(response);
      expect(await response.text()).toBe(content);
    }
  });

  it('should stay inert whatever part or state of it is asked for', async () => {
    const file = await upload(server, { name: 'parts.html', content: `<p>${SCRIPT}` });
    const etag = (await fetch(addressOf(file), { method: 'HEAD' })).headers.get('etag') ?? '';
    for (const [headers, status] of [
      [{ Range: 'bytes=0-2' }, 206],
      [{ 'If-None-Match': etag }, 304],
    ] as const) {
      const response = await fetch(addressOf(file, '?inline=1'), { headers });

      expect(response.status).toBe(status);
      expect(response.headers.get('content-disposition')).toBe('inline; filename="parts.html"');
      expectInert(response);
    }
  });

  it('should give a refusal neither the name nor the type of the file', async () => {
    const file = await upload(server, { name: 'refused.html', content: SCRIPT });
    for (const [headers, status] of [
      [{ Range: 'bytes=9999-' }, 416],
      [{ 'If-Match': '"other"' }, 412],
    ] as const) {
      const response = await fetch(addressOf(file, '?inline=1'), { headers });

      expect(response.status).toBe(status);
      expect(response.headers.get('content-disposition')).toBeNull();
      expectInert(response);
      await readProblem(response);
    }
  });

  it('should be refused when a page wants it as its script', async () => {
    const file = await upload(server, { name: 'wanted.js', content: 'steal()' });
    const response = await fetch(addressOf(file), { headers: { 'Sec-Fetch-Dest': 'script' } });

    expect(await readProblem(response)).toMatchObject({
      status: 403,
      code: 'access.not_embeddable',
    });
  });

  it.each(NAMES)('should stay a name, and nothing more, when it is called “%s”', async (name) => {
    const file = await upload(server, { name: 'plain.txt', conflict: 'rename' });
    const renamed = await fetch(`${server.url}/api/v1/files/${file.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename: name }),
    });
    expect(renamed.status).toBe(200);
    const { headers } = await fetch(addressOf(file));
    const disposition = headers.get('content-disposition') ?? '';
    const [, plain, extended] = DISPOSITION.exec(disposition) ?? [];

    expect(disposition).toMatch(DISPOSITION);
    // A browser goes by the extended one, where there is one.
    const told =
      extended === undefined ? plain?.replace(/\\(.)/g, '$1') : decodeURIComponent(extended);
    expect(told).toBe(name);
    expect(headers.get('x-evil')).toBeNull();
  });
});
