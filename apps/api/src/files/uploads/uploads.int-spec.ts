import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { drivePageSchema, filePageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../../../test/eventually';
import {
  postCutUpload,
  postParts,
  postUpload,
  read,
  readProblem,
  upload,
} from '../../../test/files-client';
import { StatementLog } from '../../../test/statement-log';
import { startTestApp, type TestApp } from '../../../test/test-app';

describe('uploads', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const stagedNames = () => readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
  const bytesOf = (name: string) => readFile(path.join(server.filesFolder, name));

  it('should keep a file under its own name when it is uploaded', async () => {
    const content = Buffer.from('Köln, 2. August');
    const file = await upload(server, {
      name: 'Grüße "von" 日本.txt',
      content,
      tags: ['holiday,to print', ' holiday '],
    });

    expect(file).toMatchObject({
      kind: 'file',
      filename: 'Grüße "von" 日本.txt',
      storagePath: 'Grüße "von" 日本.txt',
      contentType: 'text/plain',
      size: content.length,
      tags: ['holiday', 'to print'],
      version: 1,
    });
    expect(file.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(await bytesOf(file.filename)).toEqual(content);
    expect(await stagedNames()).toEqual([]);
  });

  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])(
    'should keep all bytes of a file of %i',
    async (size) => {
      const content = randomBytes(size);
      const file = await upload(server, { name: `of ${size}.bin`, content });

      expect(file.size).toBe(size);
      expect((await bytesOf(file.filename)).equals(content)).toBe(true);
      expect(await stagedNames()).toEqual([]);
    },
  );

  it('should go to the database four times, and not in transactions of many statements', async () => {
    const log = new StatementLog();
    try {
      await upload(server, { name: 'few statements.txt' });
      // The fourth, which makes it final with its totals and its event, looks like background to the log.
      const beginnings = log.take().map((statement) =>
        statement
          .trim()
          .split(/[\s(,]+/, 3)
          .join(' '),
      );
      expect(beginnings.filter((words) => !words.startsWith('notify'))).toEqual([
        'select encode t.secret_hash', // the token
        'select asked.user_id as', // the drive
        'with parent as', // the intent
      ]);
    } finally {
      log.stop();
    }
  });

  it('should refuse those alone whose names are taken when many come at once', async () => {
    await upload(server, { name: 'crowd 3.txt' });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        postUpload(server, { name: `crowd ${index}.txt`, conflict: 'fail' }),
      ),
    );

    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 8 }, (_, index) => (index === 3 ? 409 : 201)),
    );
  });

  it('should take the lowest free number when a name is taken', async () => {
    await upload(server, { name: 'doubled.txt' });
    await writeFile(path.join(server.filesFolder, 'doubled (2).txt'), 'somebody else’s');

    const names = [];
    for (let turn = 0; turn < 3; turn += 1)
      names.push((await upload(server, { name: 'doubled.txt' })).filename);

    expect(names).toEqual(['doubled (3).txt', 'doubled (4).txt', 'doubled (5).txt']);
    expect(String(await bytesOf('doubled (2).txt'))).toBe('somebody else’s');
  });

  it('should give each its own name when many of one name come at once', async () => {
    const uploads = Array.from({ length: 12 }, (_, index) =>
      upload(server, { name: 'race.txt', content: `number ${index}` }),
    );
    const files = await Promise.all(uploads);

    expect(new Set(files.map((file) => file.filename)).size).toBe(12);
    for (const [index, file] of files.entries())
      expect(String(await bytesOf(file.filename))).toBe(`number ${index}`);
    expect(await stagedNames()).toEqual([]);
  });

  it('should refuse a taken name, and keep nothing, when the caller wants it to fail', async () => {
    await upload(server, { name: 'once.txt', content: 'first' });

    const again = { name: 'once.txt', content: 'second', conflict: 'fail' };
    const response = await postUpload(server, again);
    expect(response.status).toBe(409);
    expect((await readProblem(response)).code).toBe('files.name_taken');
    expect(String(await bytesOf('once.txt'))).toBe('first');
    expect(await stagedNames()).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['with a slash', 'a/b.txt'],
    ['with a path that leads out', '../../etc/passwd'],
    ['with a line break', 'a%0Ab'],
    ['longer than 255 bytes', 'ä'.repeat(128)],
    ['ours', '.HomeServer'],
  ])('should refuse with 422 when a name is %s', async (_, name) => {
    const before = await readdir(server.filesFolder);
    const response = await postParts(server, [
      { disposition: `name="file"; filename="${name}"`, content: 'x' },
    ]);

    expect(response.status).toBe(422);
    expect((await readProblem(response)).errors?.length).toBe(1);
    expect(await readdir(server.filesFolder)).toEqual(before);
    expect(await stagedNames()).toEqual([]);
  });

  it.each([
    ['NUL', 'filename="a\u0000b"'],
    ['another control character', 'filename="grün\u0007.txt"'],
    ['NUL in its extended form', `filename*=UTF-8''a%00b`],
    ['bytes that are not UTF-8', Buffer.from('filename="a\u00ff.txt"', 'latin1')],
    ['bytes that are not UTF-8 in its extended form', `filename*=UTF-8''a%FF.txt`],
  ])('should point at the file with 422 when its name has %s', async (_, name) => {
    const before = await readdir(server.filesFolder);
    const response = await postParts(server, [
      {
        disposition: Buffer.concat([Buffer.from('name="file"; '), Buffer.from(name)]),
        content: 'x',
      },
    ]);

    expect(response.status).toBe(422);
    expect(await readProblem(response)).toMatchObject({
      code: 'files.invalid_name',
      errors: [{ pointer: '#/file' }],
    });
    expect(await readdir(server.filesFolder)).toEqual(before);
  });

  it('should answer 400 when the header of a part is none, whatever the names before it', async () => {
    const response = await postParts(server, [
      { disposition: 'name="tags"', content: 'a' },
      { disposition: 'name="file"; filename="grün.txt"\r\nno header', content: 'x' },
    ]);

    expect(await readProblem(response)).toMatchObject({ status: 400, code: 'http.malformed' });
  });

  it.each([1, 3_000_000])(
    'should leave nothing behind when what follows a file of %d bytes is no part of a form',
    async (sizeBytes) => {
      const response = await postParts(server, [
        { disposition: 'name="file"; filename="followed.bin"', content: 'x'.repeat(sizeBytes) },
        { disposition: 'name="tags"\r\nno header', content: 'a' },
      ]);

      expect(await readProblem(response)).toMatchObject({ status: 400, code: 'http.malformed' });
      expect(await stagedNames()).toEqual([]);
      expect(await readdir(server.filesFolder)).not.toContain('followed.bin');
    },
  );

  it('should keep the replacement character when the name really has it', async () => {
    const names = ['broken “\ufffd” "name".txt', 'other \ufffd.txt'];
    const content = 'x'.repeat(3_000_000);
    for (const name of names) expect((await upload(server, { name, content })).filename).toBe(name);
  });

  it.each([
    ['bytes that are not UTF-8', 'name="tags"', Buffer.from([0x61, 0xff])],
    ['a charset that nobody knows', 'name="tags"\r\nContent-Type: text/plain; charset=none', 'a'],
  ])('should refuse a field with 422 when it comes as %s', async (_, disposition, content) => {
    const response = await postParts(server, [
      { disposition, content },
      { disposition: 'name="file"; filename="encoded.txt"', content: 'x' },
    ]);

    expect(await readProblem(response)).toMatchObject({
      status: 422,
      errors: [{ pointer: '#/tags' }],
    });
    expect(await stagedNames()).toEqual([]);
  });

  it('should refuse with 422 when the form has no file, two files, or fields that are not known', async () => {
    const file = (name: string) => ({
      disposition: `name="file"; filename="${name}"`,
      content: 'x',
    });
    const field = (name: string, content: string) => ({ disposition: `name="${name}"`, content });
    const forms = [
      [field('tags', 'a')],
      [file('1'), file('2')],
      [file('1'), field('colour', 'red')],
      [field('file', 'text')],
    ];

    for (const form of forms) expect((await postParts(server, form)).status).toBe(422);
    expect(await stagedNames()).toEqual([]);
  });

  it.each(['tags[4294967290]', 'a[4294967290]', 'tags[0]', 'a[b][c]'])(
    'should refuse at once a field that is named %s',
    async (name) => {
      const response = await postParts(server, [
        { disposition: `name="${name}"`, content: 'x' },
        { disposition: 'name="file"; filename="bracket.txt"', content: 'x' },
      ]);

      expect(response.status).toBe(422);
      expect(await stagedNames()).toEqual([]);
    },
  );

  it('should point at the fault when a field is wrong', async () => {
    const file = { disposition: 'name="file"; filename="fields.txt"', content: 'x' };
    const problem = await readProblem(
      await postParts(server, [
        { disposition: 'name="tags"', content: 'good' },
        { disposition: 'name="tags"', content: 'x'.repeat(65) },
        file,
      ]),
    );
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '#/tags/1' }] });

    const wrongDrive = await readProblem(
      await postParts(server, [{ disposition: 'name="driveId"', content: 'one' }, file]),
    );
    expect(wrongDrive.errors?.[0]?.pointer).toBe('#/driveId');
    const wrongQuery = await readProblem(await postParts(server, [file], '?folderId=two'));
    expect(wrongQuery.errors?.[0]?.pointer).toBe('#/query/folderId');
  });

  it('should refuse a place that comes after the file', async () => {
    const drives = await read(server, '/api/v1/drives', drivePageSchema);
    const response = await postParts(server, [
      { disposition: 'name="file"; filename="late.txt"', content: 'x' },
      { disposition: 'name="driveId"', content: drives.items[0]?.id ?? '' },
    ]);

    expect(await readProblem(response)).toMatchObject({
      status: 422,
      code: 'files.field_after_file',
    });
    expect(await stagedNames()).toEqual([]);
  });

  it('should answer 404 when the drive or the folder is not there', async () => {
    const nobody = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';

    expect((await postUpload(server, { name: 'a', query: `?driveId=${nobody}` })).status).toBe(404);
    expect((await postUpload(server, { name: 'a', query: `?folderId=${nobody}` })).status).toBe(
      404,
    );
  });

  it('should answer 415 when the body is no form, and 400 when it is a broken one', async () => {
    const url = `${server.url}/api/v1/files/upload`;
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);

    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const broken = await fetch(url, {
      method: 'POST',
      headers,
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
    });
    expect((await readProblem(broken)).code).toBe('http.malformed');
    expect(await stagedNames()).toEqual([]);
  });

  it('should leave nothing behind when the body is cut off', async () => {
    await postCutUpload(server, 'cut.bin', 3_000_000);

    await eventually(async () => expect(await stagedNames()).toEqual([]));
    expect(await readdir(server.filesFolder)).not.toContain('cut.bin');
    const list = await read(server, '/api/v1/files/list?q=cut.bin', filePageSchema);
    expect(list.items).toEqual([]);
  });

  it('should answer at once, before the bytes, when the announced length is more than the drive has left', async () => {
    const { request } = await import('node:http');
    const answer = await new Promise<{ status: number | undefined; text: string }>(
      (resolve, reject) => {
        const call = request(
          `${server.url}/api/v1/files/upload`,
          {
            method: 'POST',
            headers: {
              'Content-Type': 'multipart/form-data; boundary=x',
              'Content-Length': String(2 ** 50),
            },
          },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += String(chunk)));
            response.on('end', () => resolve({ status: response.statusCode, text }));
          },
        );
        call.on('error', reject);
        call.flushHeaders();
      },
    );

    expect(answer.status).toBe(507);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'drives.full' });
  });

  it('should refuse with 403 when a page of another site sends the form', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'foreign.txt');
    const response = await fetch(`${server.url}/api/v1/files/upload`, {
      method: 'POST',
      headers: { Origin: 'http://evil.example' },
      body: form,
    });

    expect((await readProblem(response)).code).toBe('access.cross_site');
    expect(await readdir(server.filesFolder)).not.toContain('foreign.txt');
  });
});
