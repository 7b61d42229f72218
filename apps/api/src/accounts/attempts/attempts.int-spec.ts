import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { ADMINISTRATOR, ANONYMOUS, startTestApp, type TestApp } from '../../../test/test-app';
import { SignInBusyError } from '../accounts.errors';
import { AttemptLimiter } from './attempt-limiter.service';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('the limiter of attempts', () => {
  let server: TestApp;

  beforeEach(async () => {
    server = await startTestApp({ trustProxy: 1 });
  });

  afterEach(async () => {
    await server.close();
  });

  const signIn = (username: string, password: string, clientAddress: string) =>
    fetch(`${server.url}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...ANONYMOUS, 'X-Forwarded-For': clientAddress },
      body: JSON.stringify({ username, password }),
    });
  const statusesOf = async (responses: readonly Promise<Response>[]) =>
    (await Promise.all(responses)).map(({ status }) => status);
  const times = <Item>(count: number, make: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => make(index));

  it('should let ten wrong passwords through for an account, also at the same moment, then none', async () => {
    const statuses = await statusesOf(
      times(20, () => signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.1')),
    );

    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    const locked = await signIn(ADMINISTRATOR.username, ADMINISTRATOR.password, '192.0.2.1');
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(await readProblem(locked)).toMatchObject({
      status: 429,
      code: 'accounts.too_many_attempts',
    });
    // Nobody is locked out by what another does in their name.
    const elsewhere = await signIn(ADMINISTRATOR.username, ADMINISTRATOR.password, '192.0.2.2');
    expect(elsewhere.status).toBe(200);
  });

  it('should not count what was not checked', async () => {
    const limiter = server.app.get(AttemptLimiter);
    const attempt = { kind: 'password', account: 'busy', clientAddress: '192.0.2.9' } as const;
    for (let round = 0; round < 40; round += 1)
      await expect(
        limiter.guard(attempt, () => Promise.reject(new SignInBusyError())),
      ).rejects.toThrow(SignInBusyError);

    expect(await limiter.guard(attempt, () => Promise.resolve(true))).toBe(true);
  });

  it('should count a client over all accounts, also those that nobody has', async () => {
    const statuses = await statusesOf(
      times(35, (index) => signIn(`user-${index}`, 'wrong', '192.0.2.3')),
    );

    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('should take all addresses of an IPv6 network for one client', async () => {
    const statuses = await statusesOf(
      times(12, (index) => signIn('somebody', 'wrong', `2001:db8:1:2::${index}`)),
    );

    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await signIn('somebody', 'wrong', '2001:db8:1:3::1')).status).toBe(401);
  });

  it('should count an account over all clients, far above what one client can do', async () => {
    await query(
      server.database.url,
      `insert into secret_attempts values ('["password","keeper",null]', 100, now() + interval '1 minute')`,
    );

    expect((await signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.4')).status).toBe(429);
  });

  it('should count nothing for an account that was tried as a part of another name', async () => {
    const names = [
      'keeper from 192.0.2.8',
      'keeper","192.0.2.8',
      '["password","keeper","192.0.2.8"]',
    ];
    for (const name of names)
      await statusesOf(times(10, (index) => signIn(name, 'wrong', `198.51.100.${index}`)));

    const { username, password } = ADMINISTRATOR;
    expect((await signIn(username, password, '192.0.2.8')).status).toBe(200);
  });

  it('should forget what was wrong when it was right, and when its time is over', async () => {
    await statusesOf(times(9, () => signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.5')));
    const right = () => signIn(ADMINISTRATOR.username, ADMINISTRATOR.password, '192.0.2.5');
    expect((await right()).status).toBe(200);
    expect(
      await statusesOf(times(9, () => signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.5'))),
    ).not.toContain(429);
    await statusesOf(times(9, () => signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.5')));
    expect((await right()).status).toBe(429);
    await query(server.database.url, `update secret_attempts set window_ends_at = now()`);
    expect((await right()).status).toBe(200);
  });

  it('should believe no header when no proxy is trusted', async () => {
    const plain = await startTestApp();
    try {
      const attempts = times(12, (index) =>
        fetch(`${plain.url}/api/v1/auth/sign-in`, {
          method: 'POST',
          headers: { ...JSON_TYPE, ...ANONYMOUS, 'X-Forwarded-For': `192.0.2.${index}` },
          body: JSON.stringify({ username: 'keeper', password: 'wrong' }),
        }),
      );
      expect((await statusesOf(attempts)).filter((status) => status === 429)).toHaveLength(2);
    } finally {
      await plain.close();
    }
  });

  it('should hold for API tokens, but let in a right one whatever others tried', async () => {
    const bearer = (token: string) =>
      fetch(`${server.url}/api/v1/me`, {
        headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '192.0.2.6' },
      });
    const statuses = await statusesOf(times(35, (index) => bearer(`hs_${index}`)));

    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await bearer(server.token)).status).toBe(200);
  });

  it('should hold for the current password of who is signed in', async () => {
    const person = await Person.arrive(server, 'guessed');
    const statuses = await statusesOf(
      times(12, () =>
        person.call('PUT', '/api/v1/me/password', {
          currentPassword: 'wrong',
          newPassword: 'five herons in the rain',
        }),
      ),
    );
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  it('should hold over a restart', async () => {
    await statusesOf(times(10, () => signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.7')));
    await server.stop();
    server = await startTestApp({ trustProxy: 1 }, server);

    expect((await signIn(ADMINISTRATOR.username, 'wrong', '192.0.2.7')).status).toBe(429);
  });
});
