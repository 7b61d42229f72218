import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { postParts, type RawPart, readProblem } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FILE: RawPart = { disposition: 'name="file"; filename="a.txt"', content: 'content' };

const field = (name: string, content = 'x'): RawPart => ({
  disposition: `name="${name}"`,
  content,
});

describe('forms that mean harm', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  async function expectNothingKept(): Promise<void> {
    expect(await readdir(server.filesFolder)).toEqual(['.homeserver']);
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
  }

  it.each([
    [
      'more fields than are taken',
      [...Array.from({ length: 201 }, () => field('tags')), FILE],
      422,
    ],
    [
      'more fields behind the file',
      [FILE, ...Array.from({ length: 201 }, () => field('tags'))],
      422,
    ],
    ['a long name of a field', [field('x'.repeat(101)), FILE], 422],
    ['a long field', [field('tags', 'x'.repeat(64 * 1024 + 1)), FILE], 413],
    ['__proto__ for a name', [field('__proto__'), FILE], 422],
    ['constructor for a name', [field('constructor'), FILE], 422],
    ['a path into __proto__', [field('__proto__[isAdmin]', 'true'), FILE], 422],
    ['a scalar twice', [field('conflict', 'fail'), field('conflict', 'rename'), FILE], 422],
    ['NUL in a field', [field('tags', 'a\0b'), FILE], 422],
    ['a field without a name', [{ disposition: 'x=1', content: 'x' }, FILE], 422],
    ['a file under a wrong name', [{ ...FILE, disposition: 'name="f"; filename="a.txt"' }], 422],
    ['many files', Array.from({ length: 300 }, () => FILE), 422],
  ])('should refuse, and keep nothing, when one has %s', async (_, parts, status) => {
    expect((await readProblem(await postParts(server, parts))).status).toBe(status);
    await expectNothingKept();
  });

  it.each([
    [
      'headers of a part without an end',
      `name="file"; filename="a.txt"\r\nX: ${'x'.repeat(100_000)}`,
    ],
    ['many headers of a part', `name="file"; filename="a.txt"${'\r\nX-A: 1'.repeat(5000)}`],
    ['a long name of a file', `name="file"; filename="${'x'.repeat(70_000)}"`],
  ])('should refuse, and keep nothing, when one has %s', async (_, disposition) => {
    const { status } = await readProblem(await postParts(server, [{ ...FILE, disposition }]));

    expect([400, 422]).toContain(status);
    await expectNothingKept();
  });

  it.each([
    ['no boundary', 'multipart/form-data', 400],
    ['an empty boundary', 'multipart/form-data; boundary=', 422],
    ['a boundary that is too long', `multipart/form-data; boundary=${'b'.repeat(2000)}`, 400],
    ['a form in a form', 'multipart/mixed; boundary=b', 415],
  ])('should refuse, and keep nothing, when its type names %s', async (_, type, status) => {
    const response = await fetch(`${server.url}/api/v1/files/upload`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n',
    });

    expect((await readProblem(response)).status).toBe(status);
    await expectNothingKept();
  });
});
