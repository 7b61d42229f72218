import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem } from '../../../test/files-client';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FRIEND = 'https://app.example.org';
const STRANGERS = [
  'https://evil.example.org',
  'http://app.example.org',
  'https://app.example.org.evil.org',
  'null',
];
const LIST = '/api/v1/files/list';

describe('pages of other origins', () => {
  let server: TestApp;
  let closed: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ corsOrigins: [FRIEND] });
    closed = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
    await closed.close();
  });

  const ask = (to: TestApp, origin: string, method = 'GET') =>
    fetch(to.url + LIST, { method, headers: { Origin: origin } });

  const askLeave = (to: TestApp, origin: string) =>
    fetch(`${to.url}/api/v1/files/folders`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });

  const grantOf = ({ headers }: Response) => headers.get('access-control-allow-origin');

  it('should be let in when CORS_ORIGINS names them', async () => {
    const answer = await ask(server, FRIEND);
    const leave = await askLeave(server, FRIEND);

    for (const response of [answer, leave]) {
      expect(grantOf(response)).toBe(FRIEND);
      expect(response.headers.get('access-control-allow-credentials')).toBe('true');
      expect(response.headers.get('vary')).toMatch(/origin/i);
    }
    expect(leave.headers.get('access-control-allow-headers')).toMatch(/authorization/);
  });

  it('should see what the protocol of uploads says in headers, and what the server can', async () => {
    const headers = { Origin: FRIEND, 'Tus-Resumable': '1.0.0', 'Upload-Length': '1' };
    const address = `${server.url}/api/v1/uploads`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'Upload-Metadata': 'filename YQ==' },
    });
    const abilities = await fetch(address, { method: 'OPTIONS', headers: { Origin: FRIEND } });

    expect(answer.status).toBe(201);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(
      /location.*upload-offset.*homeserver-file-id/i,
    );
    expect(abilities.headers.get('tus-extension')).toMatch(/creation/);
  });

  it.each(STRANGERS)('should be able to read nothing when they are %s', async (origin) => {
    for (const to of [server, closed]) {
      expect(grantOf(await ask(to, origin))).toBeNull();
      expect(grantOf(await askLeave(to, origin))).toBeNull();
    }
  });

  it.each(STRANGERS)('should be able to change nothing when they are %s', async (origin) => {
    for (const to of [server, closed]) {
      const response = await fetch(`${to.url}/api/v1/files/folders`, {
        method: 'POST',
        headers: { Origin: origin, 'Content-Type': 'application/json' },
        body: '{}',
      });
      expect((await readProblem(response)).code).toBe('access.cross_site');
      expect(grantOf(response)).toBeNull();
    }
  });

  it('should be told nothing of it where CORS_ORIGINS is not set', async () => {
    expect(grantOf(await ask(closed, FRIEND))).toBeNull();
    expect(grantOf(await askLeave(closed, FRIEND))).toBeNull();
  });
});
