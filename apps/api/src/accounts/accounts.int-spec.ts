import { cp } from 'node:fs/promises';
import path from 'node:path';

import {
  apiTokenPageSchema,
  createdTokenSchema,
  drivePageSchema,
  sessionPageSchema,
  signedInSchema,
  userPageSchema,
  userSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { read, readProblem } from '../../test/files-client';
import { Person } from '../../test/person';
import { query } from '../../test/query';
import { cookieOf, signInWith, tokenOf } from '../../test/sign-in';
import { ADMINISTRATOR, ANONYMOUS, startTestApp, type TestApp } from '../../test/test-app';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('accounts', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = ANONYMOUS) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify(body),
    });
  const patchUser = (id: string, patch: unknown) =>
    fetch(`${server.url}/api/v1/users/${id}`, {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify(patch),
    });

  describe('sign-in', () => {
    it('should give a session in a cookie that no script can read when the password is right', async () => {
      const response = await post('/api/v1/auth/sign-in', ADMINISTRATOR);

      expect(response.status).toBe(200);
      expect(signedInSchema.parse(await response.json()).user).toMatchObject({
        username: 'keeper',
        role: 'admin',
      });
      expect(response.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^homeserver_session=[0-9a-z]{32}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/,
        ),
      ]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    });

    it('should give the same answer when the password is wrong and when there is no such user', async () => {
      const wrong = await post('/api/v1/auth/sign-in', { ...ADMINISTRATOR, password: 'wrong' });
      const unknown = await post('/api/v1/auth/sign-in', { username: 'nobody', password: 'wrong' });
      const problems = [await readProblem(wrong), await readProblem(unknown)].map(
        ({ requestId: _id, ...problem }) => problem,
      );

      expect(problems[0]).toMatchObject({ status: 401, code: 'accounts.wrong_credentials' });
      expect(problems[1]).toEqual(problems[0]);
      expect(unknown.headers.getSetCookie()).toEqual([]);
    });

    it('should take a user name of either case, and a password in either form of Unicode', async () => {
      await post(
        '/api/v1/users',
        { username: 'Zoë'.replace('ë', 'e'), password: 'der Käse ist gut' },
        {},
      );

      const response = await post('/api/v1/auth/sign-in', {
        username: ' ZOE ',
        password: 'der Käse ist gut'.normalize('NFD'),
      });
      expect(response.status).toBe(200);
    });

    it('should end the session that the browser came with, and begin another', async () => {
      const former = await signInWith(server.url, ADMINISTRATOR);
      const response = await post('/api/v1/auth/sign-in', ADMINISTRATOR, { Cookie: former });

      expect(cookieOf(response)).not.toBe(former);
      expect((await fetch(`${server.url}/api/v1/me`, { headers: { Cookie: former } })).status).toBe(
        401,
      );
    });

    it('should keep nothing that opens a door: only hashes of secrets are stored', async () => {
      const cookie = await signInWith(server.url, ADMINISTRATOR);
      const token = await tokenOf(server.url, ADMINISTRATOR);
      const dump = await query(
        server.database.url,
        `select s::text from sessions s union all select t::text from api_tokens t union all select u::text from users u`,
      );
      const text = JSON.stringify(dump);

      expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
      for (const secret of [cookie.split('=')[1] ?? '', token.slice(3), ADMINISTRATOR.password])
        expect(text).not.toContain(secret);
    });

    it('should say so to who knows the password when the account is disabled, and give no session', async () => {
      const person = await Person.arrive(server, 'disabled-one');
      await patchUser(person.id, { disabled: true });
      const { username, password } = person;
      const right = await post('/api/v1/auth/sign-in', { username, password });
      const wrong = await post('/api/v1/auth/sign-in', { username, password: 'wrong' });

      expect(await readProblem(right)).toMatchObject({ status: 403, code: 'accounts.disabled' });
      expect(right.headers.getSetCookie()).toEqual([]);
      expect(await readProblem(wrong)).toMatchObject({ code: 'accounts.wrong_credentials' });
    });

    it('should let nobody in who shows a cookie or a token that is none of ours', async () => {
      const strangers: Record<string, string>[] = [
        { Cookie: `homeserver_session=${'0'.repeat(32)}` },
        { Cookie: 'homeserver_session=' },
        { Cookie: '__Host-homeserver_session=x; homeserver_session' },
        { Authorization: `Bearer hs_${'0'.repeat(32)}` },
        { Authorization: 'Basic a2VlcGVyOng=' },
        { Authorization: 'Bearer' },
      ];
      for (const headers of strangers) {
        const response = await fetch(`${server.url}/api/v1/me`, { headers });
        expect(await readProblem(response)).toMatchObject({
          status: 401,
          code: 'accounts.sign_in_required',
        });
      }
    });
  });

  describe('sessions', () => {
    it('should list the browsers, and end the one that is chosen', async () => {
      const person = await Person.arrive(server, 'two-browsers');
      const other = await person.again();
      const list = async () =>
        sessionPageSchema.parse(await (await person.get('/api/v1/me/sessions')).json()).items;
      const theirs = (await list()).find(({ isCurrent }) => !isCurrent);

      expect(await list()).toHaveLength(2);
      expect(theirs).toMatchObject({ clientAddress: '127.0.0.1' });
      const ended = await person.call('DELETE', `/api/v1/me/sessions/${theirs?.id}`);
      expect(ended.status).toBe(204);
      expect((await other.get('/api/v1/me')).status).toBe(401);
      expect((await person.get('/api/v1/me')).status).toBe(200);
      expect(await list()).toHaveLength(1);
    });

    it('should end nobody else’s session', async () => {
      const person = await Person.arrive(server, 'victim');
      const other = await Person.arrive(server, 'attacker');
      const { items } = sessionPageSchema.parse(
        await (await person.get('/api/v1/me/sessions')).json(),
      );

      const refused = await other.call('DELETE', `/api/v1/me/sessions/${items[0]?.id}`);
      expect(await readProblem(refused)).toMatchObject({ code: 'accounts.session_not_found' });
      expect((await person.get('/api/v1/me')).status).toBe(200);
    });

    it('should let a session outlive neither its sign-out nor its time', async () => {
      const person = await Person.arrive(server, 'leaver');
      const signedOut = await person.call('POST', '/api/v1/auth/sign-out');
      expect(signedOut.status).toBe(204);
      expect(signedOut.headers.getSetCookie()[0]).toMatch(/^homeserver_session=; Max-Age=0;/);
      expect((await person.get('/api/v1/me')).status).toBe(401);

      const late = await person.again();
      await query(
        server.database.url,
        `update sessions set expires_at = now() where user_id = $1`,
        [person.id],
      );
      expect((await late.get('/api/v1/me')).status).toBe(401);
    });

    it('should hold longer when it is used', async () => {
      const person = await Person.arrive(server, 'regular');
      await query(
        server.database.url,
        `update sessions set last_seen_at = now() - interval '1 day', expires_at = now() + interval '1 minute'
         where user_id = $1`,
        [person.id],
      );
      await person.get('/api/v1/me');

      expect(
        await query(
          server.database.url,
          `select 1 from sessions where user_id = $1 and expires_at > now() + interval '29 days'`,
          [person.id],
        ),
      ).toHaveLength(1);
    });

    it('should ask for a fresh proof when a sign-in of long ago wants to change how one comes in', async () => {
      const person = await Person.arrive(server, 'sleeper');
      await query(
        server.database.url,
        `update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1`,
        [person.id],
      );
      const wish = { name: 'late', scopes: ['files:read'] };
      const make = () => person.call('POST', '/api/v1/me/tokens', wish);

      expect(await readProblem(await make())).toMatchObject({ code: 'accounts.confirm_required' });
      const wrong = await person.call('POST', '/api/v1/auth/confirm', { password: 'wrong' });
      expect(await readProblem(wrong)).toMatchObject({ code: 'accounts.wrong_credentials' });
      expect((await make()).status).toBe(403);
      const right = await person.call('POST', '/api/v1/auth/confirm', {
        password: person.password,
      });
      expect(right.status).toBe(204);
      expect((await make()).status).toBe(201);
    });

    it('should ask an administrator for a fresh proof, too, before somebody else gets in by them', async () => {
      const person = await Person.arrive(server, 'left-open', 'admin');
      await query(
        server.database.url,
        `update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1`,
        [person.id],
      );
      const path = `/api/v1/users/${person.id}`;
      for (const response of [
        await person.call('POST', '/api/v1/users', {
          username: 'back-door',
          password: person.password,
        }),
        await person.call('PATCH', path, { password: 'nine herons in the rain' }),
        await person.call('PATCH', path, { role: 'admin' }),
        await person.call('DELETE', path),
      ])
        expect(await readProblem(response)).toMatchObject({ code: 'accounts.confirm_required' });
      expect((await person.call('PATCH', path, { displayName: 'Left open' })).status).toBe(200);
    });
  });

  describe('passwords', () => {
    it('should end every other session, and rotate this one, when it is changed', async () => {
      const person = await Person.arrive(server, 'changer');
      const other = await person.again();
      const newPassword = 'two herons in the rain';
      const changed = await person.call('PUT', '/api/v1/me/password', {
        currentPassword: person.password,
        newPassword,
      });
      const cookie = cookieOf(changed);

      expect(changed.status).toBe(204);
      expect((await other.get('/api/v1/me')).status).toBe(401);
      expect((await person.get('/api/v1/me')).status).toBe(401);
      expect((await fetch(`${server.url}/api/v1/me`, { headers: { Cookie: cookie } })).status).toBe(
        200,
      );
      const { username, password } = person;
      expect((await post('/api/v1/auth/sign-in', { username, password })).status).toBe(401);
      expect((await person.again(newPassword)).cookie).not.toBe(cookie);
    });

    it('should change nothing when the current one is wrong, or the new one is one of the first to try', async () => {
      const person = await Person.arrive(server, 'careless');
      const change = (currentPassword: string, newPassword: string) =>
        person.call('PUT', '/api/v1/me/password', { currentPassword, newPassword });

      expect(await readProblem(await change('wrong', 'two herons in the rain'))).toMatchObject({
        status: 403,
        code: 'accounts.wrong_password',
      });
      expect(await readProblem(await change(person.password, 'careless2024!'))).toMatchObject({
        status: 422,
        code: 'accounts.password_guessable',
        errors: [expect.objectContaining({ pointer: '#/newPassword' })],
      });
      expect((await change(person.password, 'short')).status).toBe(422);
      expect((await person.get('/api/v1/me')).status).toBe(200);
    });
  });

  describe('API tokens', () => {
    it('should let a program do what its scopes say, and no more', async () => {
      const person = await Person.arrive(server, 'scripter');
      const made = await person.call('POST', '/api/v1/me/tokens', {
        name: 'reader',
        scopes: ['files:read', 'files:read'],
      });
      const { id, token } = createdTokenSchema.parse(await made.json());
      const headers = { Authorization: `Bearer ${token}` };
      const get = (path: string) => fetch(server.url + path, { headers });

      expect(token).toMatch(/^hs_[0-9a-z]{32}$/);
      expect((await get('/api/v1/files/list')).status).toBe(200);
      expect(await readProblem(await get('/api/v1/monitoring/system'))).toMatchObject({
        status: 403,
        code: 'access.denied',
      });
      // A token makes no tokens and changes no password, whatever its scopes.
      expect(await readProblem(await get('/api/v1/me/tokens'))).toMatchObject({
        status: 403,
        code: 'accounts.session_required',
      });
      expect(userSchema.parse(await (await get('/api/v1/me')).json()).id).toBe(person.id);

      const listed = apiTokenPageSchema.parse(
        await (await person.get('/api/v1/me/tokens')).json(),
      ).items;
      expect(listed).toEqual([expect.objectContaining({ id, scopes: ['files:read'] })]);
      expect(listed[0]?.lastUsedAt).not.toBeNull();
      expect((await person.call('DELETE', `/api/v1/me/tokens/${id}`)).status).toBe(204);
      expect((await get('/api/v1/files/list')).status).toBe(401);
    });

    it('should give none that can do more than its maker, or that has expired', async () => {
      const guest = await Person.arrive(server, 'guest-one', 'guest');
      const refused = await guest.call('POST', '/api/v1/me/tokens', {
        name: 'too much',
        scopes: ['files:read', 'admin', 'monitoring:read'],
        expiresAt: '2020-01-01T00:00:00Z',
      });

      expect((await readProblem(refused)).errors?.map(({ pointer }) => pointer)).toEqual([
        '#/scopes/1',
        '#/scopes/2',
        '#/expiresAt',
      ]);
    });

    it('should hold until it expires, and lose what its maker loses', async () => {
      const person = await Person.arrive(server, 'fading', 'admin');
      const token = await tokenOf(server.url, person);
      const statusOf = async (path: string) =>
        (await fetch(server.url + path, { headers: { Authorization: `Bearer ${token}` } })).status;

      expect(await statusOf('/api/v1/users')).toBe(200);
      await patchUser(person.id, { role: 'guest' });
      expect(await statusOf('/api/v1/users')).toBe(403);
      expect(await statusOf('/api/v1/monitoring/system')).toBe(403);
      expect(await statusOf('/api/v1/files/list')).toBe(200);
      await query(
        server.database.url,
        `update api_tokens set expires_at = now() where user_id = $1`,
        [person.id],
      );
      expect(await statusOf('/api/v1/files/list')).toBe(401);
    });
  });

  describe('users', () => {
    it('should have a page of them, each with a personal drive of their own', async () => {
      const person = await Person.arrive(server, 'homely');
      const page = await read(server, '/api/v1/users?limit=1000', userPageSchema);
      const drives = drivePageSchema.parse(await (await person.get('/api/v1/drives')).json());

      expect(page.items.map(({ username }) => username)).toContain('homely');
      expect(page.total).toBe(page.items.length);
      expect(drives.items).toEqual([
        expect.objectContaining({ name: 'homely', ownerId: person.id, access: 'write' }),
      ]);
      const first = await read(server, '/api/v1/users?limit=1', userPageSchema);
      const second = await read(
        server,
        `/api/v1/users?limit=1&cursor=${first.nextCursor}`,
        userPageSchema,
      );
      expect([...first.items, ...second.items]).toEqual(page.items.slice(0, 2));
    });

    it('should refuse a name that is taken, in either case, or that cannot be a folder', async () => {
      await Person.arrive(server, 'unique');
      const create = (username: string) =>
        post('/api/v1/users', { username, password: 'a grey heron in the rain' }, {});

      expect(await readProblem(await create('UNIQUE'))).toMatchObject({
        status: 409,
        code: 'accounts.username_taken',
      });
      for (const username of ['..', '.hidden', 'a/b', 'a\\b', '', 'ä', 'x'.repeat(33), 'end.'])
        expect((await create(username)).status).toBe(422);
    });

    it('should keep the drive of who is deleted for who deletes them, and for the next of that name', async () => {
      const person = await Person.arrive(server, 'passing');
      const [drive] = drivePageSchema.parse(
        await (await person.get('/api/v1/drives')).json(),
      ).items;
      const url = `${server.url}/api/v1/users/${person.id}`;

      expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
      expect((await person.get('/api/v1/me')).status).toBe(401);
      expect((await fetch(url)).status).toBe(404);
      const seen = await read(server, '/api/v1/drives', drivePageSchema);
      expect(seen.items.find(({ id }) => id === drive?.id)).toMatchObject({
        ownerId: null,
        access: 'write',
      });
      const next = await Person.arrive(server, 'passing');
      const taken = drivePageSchema.parse(await (await next.get('/api/v1/drives')).json()).items;
      expect(taken).toEqual([expect.objectContaining({ id: drive?.id, ownerId: next.id })]);
    });

    it('should have a drive of their own also where a copy of another one lies in its place', async () => {
      const person = await Person.arrive(server, 'copied');
      const homes = path.join(server.config.dataDir, 'homes');
      await cp(path.join(homes, 'copied'), path.join(homes, 'copy'), { recursive: true });
      const copy = await Person.arrive(server, 'copy');
      const driveOf = async (owner: Person) =>
        drivePageSchema.parse(await (await owner.get('/api/v1/drives')).json()).items;

      expect(await driveOf(copy)).toEqual([
        expect.objectContaining({ ownerId: copy.id, state: 'online' }),
      ]);
      expect(await driveOf(person)).toEqual([
        expect.objectContaining({ ownerId: person.id, state: 'online' }),
      ]);
    });

    it('should end all sessions of who is disabled, or is given another password', async () => {
      const person = await Person.arrive(server, 'ousted');
      await patchUser(person.id, { disabled: true });
      expect((await person.get('/api/v1/me')).status).toBe(401);
      await patchUser(person.id, { disabled: false, password: 'three herons in the rain' });
      // What has ended does not begin again.
      expect((await person.get('/api/v1/me')).status).toBe(401);
      expect((await person.again('three herons in the rain')).cookie).not.toBe('');
    });
  });
});

describe('the last administrator', () => {
  let server: TestApp;
  let keeperId: string;

  beforeAll(async () => {
    server = await startTestApp();
    const me = await read({ ...server }, '/api/v1/me', userSchema);
    keeperId = me.id;
  });

  afterAll(async () => {
    await server.close();
  });

  const change = (id: string, body: unknown) =>
    fetch(`${server.url}/api/v1/users/${id}`, {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify(body),
    });
  const remove = (id: string) => fetch(`${server.url}/api/v1/users/${id}`, { method: 'DELETE' });

  it('should be neither removed, nor demoted, nor disabled', async () => {
    await Person.arrive(server, 'member-only');
    for (const attempt of [
      () => remove(keeperId),
      () => change(keeperId, { role: 'member' }),
      () => change(keeperId, { disabled: true }),
    ]) {
      expect(await readProblem(await attempt())).toMatchObject({
        status: 409,
        code: 'accounts.last_administrator',
      });
    }
    expect((await fetch(`${server.url}/api/v1/users`)).status).toBe(200);
  });

  it('should be left also when two administrators take each other’s rights at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [
        await Person.arrive(server, `first-${round}`, 'admin'),
        await Person.arrive(server, `second-${round}`, 'admin'),
      ];
      await query(server.database.url, `update users set role = 'member' where id = $1`, [
        keeperId,
      ]);
      const results = await Promise.all([
        one.call('PATCH', `/api/v1/users/${two.id}`, { role: 'member' }),
        two.call('DELETE', `/api/v1/users/${one.id}`),
        one.call('PATCH', `/api/v1/users/${one.id}`, { disabled: true }),
        two.call('PATCH', `/api/v1/users/${two.id}`, { role: 'guest' }),
      ]);

      expect(results.some(({ status }) => status >= 400)).toBe(true);
      expect(
        await query(
          server.database.url,
          `select 1 from users where role = 'admin' and not disabled`,
        ),
      ).not.toHaveLength(0);
      await query(server.database.url, `update users set role = 'admin' where id = $1`, [keeperId]);
      await query(
        server.database.url,
        `update users set role = 'member', disabled = false where id <> $1`,
        [keeperId],
      );
    }
  });
});
