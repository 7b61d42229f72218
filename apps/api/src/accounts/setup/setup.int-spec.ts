import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { drivePageSchema, setupStateSchema, signedInSchema } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { read, readProblem } from '../../../test/files-client';
import { query } from '../../../test/query';
import { cookieOf } from '../../../test/sign-in';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { SetupService } from './setup.service';

const PERSON = { username: 'anna', password: 'a grey heron in the rain' };

describe('the set-up', () => {
  let server: TestApp;

  beforeEach(async () => {
    server = await startTestApp({ firstAdministrator: null });
  });

  afterEach(async () => {
    await server.close();
  });

  const tokenFile = () => path.join(server.config.dataDir, 'setup-token');
  const setUp = (body: unknown) =>
    fetch(`${server.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const isNeeded = async () =>
    (await read({ url: server.url }, '/api/v1/setup', setupStateSchema)).needed;

  it('should let nobody do anything before it', async () => {
    const response = await fetch(`${server.url}/api/v1/files/list`);

    expect(await isNeeded()).toBe(true);
    expect(await readProblem(response)).toMatchObject({
      status: 401,
      code: 'accounts.sign_in_required',
    });
  });

  it('should make the administrator and a session when the token is right, then forget the token', async () => {
    const setupToken = readFileSync(tokenFile(), 'utf8').trim();
    expect(setupToken).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(server.app.get(SetupService).token).toBe(setupToken);
    const response = await setUp({ ...PERSON, setupToken: ` ${setupToken.toUpperCase()} ` });

    expect(response.status).toBe(201);
    expect(signedInSchema.parse(await response.clone().json()).user).toMatchObject({
      username: 'anna',
      displayName: 'anna',
      role: 'admin',
    });
    const headers = { Cookie: cookieOf(response) };
    expect((await fetch(`${server.url}/api/v1/users`, { headers })).status).toBe(200);
    const listed = await fetch(`${server.url}/api/v1/drives`, { headers });
    const drives = drivePageSchema.parse(await listed.json());
    expect(drives.items.map(({ name, access }) => [name, access])).toEqual([
      ['Files', 'write'],
      ['anna', 'write'],
    ]);
    expect(existsSync(tokenFile())).toBe(false);
    expect(await isNeeded()).toBe(false);
    expect(await readProblem(await setUp({ ...PERSON, setupToken }))).toMatchObject({
      status: 409,
      code: 'accounts.already_set_up',
    });
  });

  it('should make nobody when the token is wrong, and soon refuse to try more', async () => {
    const wrong = { ...PERSON, setupToken: '0000-0000-0000-0000' };
    expect(await readProblem(await setUp(wrong))).toMatchObject({
      status: 403,
      code: 'accounts.setup_token_wrong',
    });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await setUp(wrong)).status),
    );

    expect(statuses.filter((status) => status === 403)).toHaveLength(29);
    expect(statuses.filter((status) => status === 429)).toHaveLength(11);
    expect(await isNeeded()).toBe(true);
  });

  it('should make one administrator when two set it up at the same moment', async () => {
    const setupToken = readFileSync(tokenFile(), 'utf8').trim();
    const responses = await Promise.all(
      ['anna', 'bert', 'carl'].map((username) => setUp({ ...PERSON, username, setupToken })),
    );

    expect(responses.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await query(server.database.url, 'select 1 from users')).toHaveLength(1);
  });

  it('should refuse a password that would be guessed at once, and keep its token', async () => {
    const setupToken = readFileSync(tokenFile(), 'utf8').trim();
    const response = await setUp({ setupToken, username: 'anna', password: 'annaanna2026' });

    expect((await readProblem(response)).errors).toEqual([
      expect.objectContaining({ pointer: '#/password' }),
    ]);
    expect((await setUp({ ...PERSON, setupToken })).status).toBe(201);
  });

  it('should keep its token over a restart', async () => {
    const setupToken = readFileSync(tokenFile(), 'utf8').trim();
    await server.stop();
    server = await startTestApp({ firstAdministrator: null }, server);

    expect((await setUp({ ...PERSON, setupToken })).status).toBe(201);
  });

  it('should not be needed when the environment names the administrator, who is made once', async () => {
    await server.stop();
    server = await startTestApp({ firstAdministrator: PERSON }, server);
    expect(await isNeeded()).toBe(false);
    expect(existsSync(tokenFile())).toBe(false);
    await server.stop();
    server = await startTestApp({ firstAdministrator: { ...PERSON, username: 'bert' } }, server);

    expect(await query(server.database.url, 'select username from users')).toEqual([
      { username: 'anna' },
    ]);
  });

  it('should stop the start when the environment has a password that would be guessed at once', async () => {
    await server.stop();
    const start = startTestApp(
      { firstAdministrator: { username: 'anna', password: 'password1234' } },
      server,
    );

    await expect(start).rejects.toThrow(/^ADMIN_PASSWORD is a value that it cannot take/);
  });

  it.each(['', '\n', '-', 'short'])(
    'should make another token at the start when the file holds none: %j',
    async (content) => {
      await server.stop();
      writeFileSync(tokenFile(), content);
      const again = await startTestApp({ firstAdministrator: null }, server);
      try {
        const response = await fetch(`${again.url}/api/v1/setup`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...PERSON, setupToken: content.trim() || '-' }),
        });

        expect((await readProblem(response)).code).toBe('accounts.setup_token_wrong');
        expect(readFileSync(tokenFile(), 'utf8')).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}\n$/);
      } finally {
        await again.stop();
      }
    },
  );
});
