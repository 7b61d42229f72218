import { rm, symlink } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { eventually } from '../../../test/eventually';
import { upload } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { tokenOf } from '../../../test/sign-in';
import { ANONYMOUS, startTestApp, type TestApp } from '../../../test/test-app';
import { RequestBodyInterceptor } from '../../platform/http/request-body.interceptor';

const ABSENT = '0198c0de-0000-7c5b-9a51-0d5a3b1f2e4c';
const FRIEND = 'https://app.example.org';
const CONTENT = 'all that is asked for';
/** A parameter that no download has: whoever sends it goes the long way, and is answered the same. */
const LONG_WAY = 'way=long';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Call {
  readonly id: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const lengthOf = (body: string): Record<string, string> =>
  body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };

describe('the short way of a download', () => {
  let server: TestApp;
  const ids: Record<string, string> = {};
  let member: Person;
  let narrowToken: string;

  beforeAll(async () => {
    server = await startTestApp({ corsOrigins: [FRIEND] });
    const file = await upload(server, { name: 'Grüße.txt', content: CONTENT });
    ids['file'] = file.id;
    ids['folder'] = file.parentId ?? '';
    ids['empty'] = (await upload(server, { name: 'empty.bin', content: '' })).id;
    ids['trashed'] = (await upload(server, { name: 'trashed.txt' })).id;
    await fetch(`${server.url}/api/v1/files/${ids['trashed']}`, { method: 'DELETE' });
    ids['lost'] = (await upload(server, { name: 'lost.txt' })).id;
    ids['corrupted'] = (await upload(server, { name: 'corrupted.txt' })).id;
    await query(
      server.database.url,
      `update file_metadata set corrupted_at = now() where id = $1`,
      [ids['corrupted']],
    );
    await symlink('Grüße.txt', path.join(server.filesFolder, `link-${'x'.repeat(100)}`));
    ids['link'] = await eventually(async () => {
      const rows = await query(
        server.database.url,
        `select id from file_metadata where nature = 'link' and state = 'live'`,
      );
      expect(rows).toHaveLength(1);
      return String(rows[0]?.['id']);
    });
    member = await Person.arrive(server, 'anna');
    narrowToken = await tokenOf(server.url, member, ['events:read']);
  });

  afterAll(async () => {
    await server.close();
  });

  const ask = ({ id, method = 'GET', headers = {}, body = '' }: Call, parameters = '') =>
    new Promise<Answer>((resolve, reject) => {
      const target = `${server.url}/api/v1/files/${ids[id] ?? id}/download${parameters}`;
      const call = request(
        target,
        { method, headers: { ...lengthOf(body), ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString('latin1'),
            }),
          );
        },
      );
      call.on('error', reject);
      call.end(body);
    });

  /** Without what is another for each request, such as the hash of a problem that has its id. */
  function comparable({ status, headers, body }: Answer): Record<string, unknown> {
    const requestId = String(headers['x-request-id']);
    const boundary = /boundary=(\S+)/.exec(String(headers['content-type']))?.[1] ?? requestId;
    const told = JSON.stringify({ ...headers, date: '' }).replace(/(W\/\\"\w+)-[^"]+/, '$1');
    const plain = (text: string) =>
      text.replaceAll(requestId, 'id').replaceAll(boundary, 'between');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    return { status, headers: plain(told), body: plain(body) };
  }

  async function expectSame(call: Call, status: number, parameters = ''): Promise<Answer> {
    const short = await ask(call, parameters);
    const long = await ask(call, `${parameters === '' ? '?' : `${parameters}&`}${LONG_WAY}`);
    expect(comparable(short)).toEqual(comparable(long));
    expect(short.status).toBe(status);
    return short;
  }

  const etagOf = async (id: string) => String((await ask({ id })).headers['etag']);

  it('should be taken by a plain request, and by no other', async () => {
    // It stands before every route of Nest.
    const longWay = jest.spyOn(RequestBodyInterceptor.prototype, 'intercept');
    await ask({ id: 'file' });
    await ask({ id: 'file', method: 'HEAD' });
    await ask({ id: 'file' }, '?inline=1');
    expect(longWay).toHaveBeenCalledTimes(0);

    await ask({ id: 'file' }, `?${LONG_WAY}`);
    await ask({ id: 'file' }, '?inline=1&inline=1');
    await ask({ id: (ids['file'] ?? '').toUpperCase() });
    await ask({ id: 'file', body: '{}' });
    expect(longWay).toHaveBeenCalledTimes(4);
    longWay.mockRestore();
  });

  it.each([
    ['a file', 'file', 200],
    ['an empty file', 'empty', 200],
    ['a file whose bytes were found to be damaged', 'corrupted', 200],
    ['what is absent', ABSENT, 404],
    ['what is in the trash', 'trashed', 404],
    ['a folder', 'folder', 404],
    ['a link', 'link', 409],
  ])('should answer as the long way does when it is asked for %s', async (_, id, status) => {
    await expectSame({ id }, status);
    await expectSame({ id }, status, '?inline=1');
    await expectSame({ id, method: 'HEAD' }, status);
    await expectSame({ id, headers: { 'Accept-Encoding': 'gzip, br' } }, status);
  });

  it('should answer as the long way does when the bytes are gone', async () => {
    await rm(path.join(server.filesFolder, 'lost.txt'));

    // The index may learn of it between the two.
    await eventually(() => expectSame({ id: 'lost' }, 404));
  });

  it.each([
    ['Range', 'bytes=0-3', 206],
    ['Range', 'bytes=-4', 206],
    ['Range', 'bytes=0-1,4-5', 206],
    ['Range', 'bytes=999-', 416],
    ['Range', 'lines=1', 200],
    ['If-Match', '"other"', 412],
    ['If-None-Match', '*', 304],
    ['If-None-Match', '"other"', 200],
    ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT', 304],
    ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT', 412],
    ['Sec-Fetch-Dest', 'script', 403],
    ['Sec-Fetch-Dest', 'image', 200],
    ['Origin', FRIEND, 200],
    ['Origin', 'https://evil.example.org', 200],
    ['Host', 'evil.example.org', 421],
    ['X-Forwarded-Proto', 'https', 200],
    ['Authorization', 'Bearer hs_nobody', 401],
    ['Authorization', 'Basic eA==', 401],
    ['Cookie', 'homeserver_session=nobody', 401],
    ['X-Anonymous', '1', 401],
  ])('should answer as the long way does when %s is %s', async (name, value, status) => {
    await expectSame({ id: 'file', headers: { [name]: value } }, status);
    const headStatus = name === 'Range' ? 200 : status;
    await expectSame({ id: 'file', method: 'HEAD', headers: { [name]: value } }, headStatus);
  });

  it('should answer as the long way does when the state that is named is the right one', async () => {
    const etag = await etagOf('file');
    await expectSame({ id: 'file', headers: { 'If-None-Match': etag } }, 304);
    await expectSame({ id: 'file', headers: { 'If-Match': etag } }, 200);
    const part = await expectSame(
      { id: 'file', headers: { 'If-Range': etag, Range: 'bytes=0-2' } },
      206,
    );
    expect(part.body).toBe(CONTENT.slice(0, 3));
    await expectSame({ id: 'file', headers: { 'If-Range': '"other"', Range: 'bytes=0-2' } }, 200);
  });

  it('should let in as the long way does, by what is granted at that moment', async () => {
    const headers = { Cookie: member.cookie };
    await expectSame({ id: 'file', headers }, 404);
    const grant = `insert into drive_grants (drive_id, user_id, access)
      select drive_id, $2, 'read' from file_metadata where id = $1`;
    await query(server.database.url, grant, [ids['file'], member.id]);
    await expectSame({ id: 'file', headers }, 200);
    await expectSame({ id: 'file', headers: { Authorization: `Bearer ${narrowToken}` } }, 403);
    await query(server.database.url, `delete from drive_grants where user_id = $1`, [member.id]);
    await expectSame({ id: 'file', headers }, 404);
    await query(server.database.url, `delete from sessions where user_id = $1`, [member.id]);
    await expectSame({ id: 'file', headers }, 401);
  });

  it('should count a wrong token once, as the long way does', async () => {
    const count = async () => {
      const rows = await query(
        server.database.url,
        `select coalesce(sum(count), 0)::int as count from secret_attempts`,
      );
      return Number(rows[0]?.['count']);
    };
    const before = await count();
    await ask({ id: 'file', headers: { ...ANONYMOUS, Authorization: 'Bearer hs_wrong' } });

    expect(await count()).toBe(before + 1);
  });

  it('should answer all alike when many are asked for at once', async () => {
    const files = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        upload(server, { name: `many-${index}.txt`, content: `content ${index}`.repeat(100) }),
      ),
    );
    const calls = [...files, ...files].map(({ id }) => id);
    const long = await Promise.all(calls.map((id) => ask({ id }, `?${LONG_WAY}`)));
    const short = await Promise.all(calls.map((id) => ask({ id })));

    expect(short.map(comparable)).toEqual(long.map(comparable));
    expect(short.map(({ body }) => body)).toEqual(
      [...files, ...files].map((_, index) => `content ${index % 12}`.repeat(100)),
    );
  });
});
