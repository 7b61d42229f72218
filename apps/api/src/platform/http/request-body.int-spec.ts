import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import { type FileMetadata, fileDetailsSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { read, readProblem, upload } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

const NOT_UTF8 = Buffer.from('{"tags":["a\u00ff"]}', 'latin1');

describe('the body of a request', () => {
  let server: TestApp;
  let file: FileMetadata;

  beforeAll(async () => {
    server = await startTestApp();
    file = await upload(server, { name: 'body.txt', tags: ['first'] });
  });

  afterAll(async () => {
    await server.close();
  });

  const patch = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1/files/${file.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });

  async function expectUnchanged(): Promise<void> {
    const now = await read(server, `/api/v1/files/${file.id}/metadata`, fileDetailsSchema);
    expect(now).toMatchObject(file);
  }

  it.each([
    ['are not UTF-8', NOT_UTF8],
    ['are no JSON', '{"tags":'],
  ])('should answer 400 and keep nothing when its bytes %s', async (_, body) => {
    expect(await readProblem(await patch(body))).toMatchObject({
      status: 400,
      code: 'http.malformed',
    });
    await expectUnchanged();
  });

  it.each([
    ['a charset that nobody knows', { 'Content-Type': 'application/json; charset=none' }],
    ['another charset than UTF-8', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['a coding that nobody knows', { 'Content-Encoding': 'none' }],
    ['a coding', { 'Content-Encoding': 'zstd' }],
    ['text', { 'Content-Type': 'text/plain' }],
    ['a form where none is taken', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  ])('should answer 415 and keep nothing when it comes as %s', async (_, headers) => {
    expect(await readProblem(await patch('{"tags":["second"]}', headers))).toMatchObject({
      status: 415,
      code: 'http.unsupported_media_type',
    });
    await expectUnchanged();
  });

  it.each(['application/json; charset=UTF-8', 'application/json;charset="utf8"'])(
    'should take it when its type is %s',
    async (type) => {
      const response = await patch('\ufeff{"tags":["first"]}', { 'Content-Type': type });
      expect(response.status).toBe(200);
    },
  );

  it('should answer 422 when it is JSON, but null', async () => {
    expect(await readProblem(await patch('null'))).toMatchObject({ status: 422 });
  });

  it.each([
    ['is nested deeply', `{"tags":${'['.repeat(40)}${']'.repeat(40)}}`, '#'],
    ['is nested more deeply than anything', '['.repeat(1_000_000), '#'],
    ['would change what an object is', '{"tags":[],"__proto__":{"tags":["evil"]}}', '#/__proto__'],
    ['has NUL in a text', '{"tags":["fine","a\\u0000b"]}', '#/tags/1'],
    ['has half of a character', '{"filename":"\\ud83d.txt"}', '#/filename'],
    ['has NUL in a name', '{"ta\\u0000gs":[]}', '#/ta\u0000gs'],
  ])('should answer 422 and keep nothing when it %s', async (_, body, pointer) => {
    expect(await readProblem(await patch(body))).toMatchObject({
      status: 422,
      code: 'http.invalid_input',
      errors: [{ pointer }],
    });
    await expectUnchanged();
  });

  it('should answer before its end when it turns out to be too long', async () => {
    const call = httpRequest(`${server.url}/api/v1/files/${file.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
    });
    call.on('error', () => undefined);
    call.write('['.repeat(1024 * 1024 + 1));
    const answered: unknown[] = await once(call, 'response');
    call.destroy();

    expect(answered).toEqual([expect.objectContaining({ statusCode: 413 })]);
  });

  it.each(['1e2', '0x10', '%205', '', '5.0'])(
    'should refuse with 422 the limit “%s” in a query',
    async (limit) => {
      const response = await fetch(`${server.url}/api/v1/files/list?limit=${limit}`);
      expect(await readProblem(response)).toMatchObject({
        status: 422,
        errors: [{ pointer: '#/query/limit' }],
      });
    },
  );

  describe('when the client waits to be invited', () => {
    /** The lines of status that come, in their order, until the connection ends or a final one has come. */
    async function statusesOf(head: readonly string[], body: string): Promise<number[]> {
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      socket.write([...head, 'Host: localhost', 'Expect: 100-continue', '', ''].join('\r\n'));
      let answer = '';
      for await (const chunk of socket) {
        answer += String(chunk);
        const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) =>
          Number(code),
        );
        if (statuses.some((status) => status >= 200)) return statuses;
        socket.write(body);
      }
      return [];
    }

    const json = (target: string, lengthBytes: number) => [
      `PATCH ${target} HTTP/1.1`,
      'Content-Type: application/json',
      `Content-Length: ${lengthBytes}`,
    ];

    it('should invite it once, and read it, when all before it is right', async () => {
      expect(await statusesOf(json(`/api/v1/files/${file.id}`, 2), '{}')).toEqual([100, 200]);
      const form =
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--x--\r\n';
      const head = [
        'POST /api/v1/files/upload HTTP/1.1',
        'Content-Type: multipart/form-data; boundary=x',
        `Content-Length: ${form.length}`,
      ];
      expect(await statusesOf(head, form)).toEqual([100, 201]);
    });

    it('should refuse it without an invitation when its head says enough', async () => {
      const upload = (query: string, type: string) => [
        `POST /api/v1/files/upload${query} HTTP/1.1`,
        `Content-Type: ${type}`,
        `Content-Length: ${2 ** 50}`,
      ];
      const heads = [
        upload('', 'multipart/form-data; boundary=x'),
        upload('?folderId=0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c', 'multipart/form-data; boundary=x'),
        upload('?folderId=none', 'multipart/form-data; boundary=x'),
        upload('', 'application/json'),
        json(`/api/v1/files/${file.id}`, 2 ** 30),
        json('/api/v1/nothing', 2),
        [...json(`/api/v1/files/${file.id}`, 2), 'Origin: http://evil.example'],
      ];
      const statuses = [];
      for (const head of heads) statuses.push(await statusesOf(head, '{}'));

      expect(statuses).toEqual([[507], [404], [422], [415], [413], [404], [403]]);
    });

    it('should refuse a form without an invitation when its type has no boundary', async () => {
      const head = [
        'POST /api/v1/files/upload HTTP/1.1',
        'Content-Type: multipart/form-data',
        'Content-Length: 10',
      ];
      expect(await statusesOf(head, '0123456789')).toEqual([400]);
    });
  });
});
