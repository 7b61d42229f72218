import { factorListSchema, type User, userPageSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import { type Answer, Browser } from '../../../test/browser';
import { CLIENT, TestIdentityProvider } from '../../../test/identity-provider';
import {
  ageSignIn,
  auditOf,
  disable,
  forgetAttempts,
  makePerson,
  type TestPerson,
} from '../../../test/people';
import { query } from '../../../test/query';
import { ANONYMOUS, startTestApp, type TestApp } from '../../../test/test-app';
import type { Config } from '../../platform/config/config';

const START = '/api/v1/auth/oidc';
const LINK = '/api/v1/me/identity/link?returnTo=/account';
const REFUSED = '/sign-in?problem=accounts.oidc_refused';

describe('the identity provider', () => {
  let provider: TestIdentityProvider;
  let server: TestApp;
  let browser: Browser;
  let subjects = 0;

  const startApp = (changes: Partial<Config> = {}, createsUsers = true) =>
    startTestApp({
      identityProvider: {
        issuer: provider.issuer,
        clientId: CLIENT.id,
        clientSecret: CLIENT.secret,
        name: 'Keycloak',
        createsUsers,
      },
      ...changes,
    });

  beforeAll(async () => {
    provider = await TestIdentityProvider.start();
    server = await startApp();
  });

  afterAll(async () => {
    await server.close();
    await provider.stop();
  });

  beforeEach(async () => {
    await forgetAttempts(server);
    subjects += 1;
    provider.person = { sub: `subject ${subjects}`, preferred_username: `oidc${subjects}` };
    browser = new Browser(server.url);
  });

  afterEach(() => {
    provider.deviation = {};
    provider.hidesNames = false;
  });

  const locationOf = ({ status, headers }: Answer) => {
    expect(status).toBe(302);
    return headers.get('location') ?? '';
  };

  /** Goes to the provider, which agrees at once. @returns the address that it leads back to */
  async function leave(start = START, who = browser): Promise<URL> {
    const address = locationOf(await who.get(start));
    const { status, headers } = await fetch(address, { redirect: 'manual' });
    expect(status).toBe(302);
    return new URL(headers.get('location') ?? '');
  }

  const arrive = async ({ pathname, search }: URL, who = browser) =>
    locationOf(await who.get(pathname + search));

  const visit = async (start = START, who = browser) => arrive(await leave(start, who), who);

  async function usersNamed(text: string): Promise<User[]> {
    const response = await fetch(`${server.url}/api/v1/users?limit=1000`);
    const { items } = userPageSchema.parse(await response.json());
    return items.filter(({ username }) => username.startsWith(text));
  }

  async function linkedPerson(): Promise<TestPerson> {
    const person = await makePerson(server);
    // The session is one of 127.0.0.1 then, as the provider's answer is.
    const own = new Browser(server.url);
    await own.signIn(person);
    expect(await visit(LINK, own)).toBe('/account');
    return { ...person, browser: own };
  }

  const sessionsOf = ({ id }: Pick<TestPerson, 'id'>) =>
    query(server.database.url, `select 1 from sessions where user_id = $1`, [id]);

  describe('signing in', () => {
    it('should let in whoever is linked, and lead to where they wanted to go', async () => {
      const person = await linkedPerson();

      expect(await visit(`${START}?returnTo=/files%3Ftag%3Dholiday`)).toBe('/files?tag=holiday');
      expect((await browser.get('/api/v1/me')).body).toMatchObject({ id: person.id });
      expect((await auditOf(server, person))[0]).toEqual([
        'homeserver.user.signed_in',
        'identity provider',
      ]);
    });

    it('should ask with PKCE, a state and a nonce, others each time', async () => {
      await visit();
      const first = provider.lastRequest;
      await visit(START, new Browser(server.url));

      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(first.get(name)).toMatch(/^[\w-]{43}$/);
        expect(provider.lastRequest.get(name)).not.toBe(first.get(name));
      }
      expect(Object.fromEntries(first)).toMatchObject({
        code_challenge_method: 'S256',
        response_type: 'code',
        redirect_uri: `${server.url}/api/v1/auth/oidc/callback`,
      });
    });

    it('should ask for no second factor: that is the business of the provider', async () => {
      const person = await linkedPerson();
      await query(
        server.database.url,
        `update users set second_factor_required = true where id = $1`,
        [person.id],
      );

      expect(await visit()).toBe('/');
      expect(browser.isSignedIn).toBe(true);
    });

    it('should be refused when the account is disabled', async () => {
      const person = await linkedPerson();
      await disable(server, person);

      expect(await visit()).toBe('/sign-in?problem=accounts.disabled');
      expect(browser.isSignedIn).toBe(false);
      expect(await sessionsOf(person)).toEqual([]);
    });

    it('should keep its cookie from scripts and from other sites', async () => {
      const { headers } = await browser.get(START);

      expect(headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^homeserver_oidc=\w{32}; Max-Age=600; Path=\/api\/v1\/auth\/oidc; HttpOnly; SameSite=Lax$/,
        ),
      ]);
      expect(headers.get('cache-control')).toBe('no-store');
    });

    it.each([
      'https://evil.example.org',
      '//evil.example.org',
      '/\\evil.example.org',
      '/%09/evil.example.org',
      '/api/v1/me',
      'files',
    ])('should answer 422 when it is to lead to %s afterwards', async (returnTo) => {
      const { status, body } = await browser.get(
        `${START}?returnTo=${encodeURIComponent(decodeURIComponent(returnTo))}`,
      );

      expect([status, body]).toEqual([
        422,
        expect.objectContaining({
          errors: [expect.objectContaining({ pointer: '#/query/returnTo' })],
        }),
      ]);
    });
  });

  describe('an answer', () => {
    it('should be refused when its state is another one', async () => {
      const back = await leave();
      back.searchParams.set('state', 'A'.repeat(43));

      expect(await arrive(back)).toBe(REFUSED);
      expect(browser.isSignedIn).toBe(false);
    });

    it('should be refused when it has no state', async () => {
      const back = await leave();
      back.searchParams.delete('state');

      expect(await arrive(back)).toBe(REFUSED);
    });

    it('should be refused in a browser that was not led away', async () => {
      const back = await leave();
      const other = new Browser(server.url);

      expect(await arrive(back, other)).toBe(REFUSED);
      expect(other.isSignedIn).toBe(false);
      // Nor did that spoil it for the one that was.
      expect(await arrive(back)).toBe('/');
    });

    it('should be refused in a browser that was led away for something else', async () => {
      const back = await leave();
      const other = new Browser(server.url);
      await leave(START, other);

      expect(await arrive(back, other)).toBe(REFUSED);
    });

    it('should be refused when it comes a second time', async () => {
      const back = await leave();
      const cookies = new Map(browser.cookies);
      expect(await arrive(back)).toBe('/');
      const replaying = new Browser(server.url);
      for (const [name, value] of cookies) replaying.cookies.set(name, value);

      expect(await arrive(back, replaying)).toBe(REFUSED);
      expect(replaying.isSignedIn).toBe(false);
    });

    it('should count once when it comes twice at the same moment', async () => {
      const back = await leave();
      const asked = provider.tokenRequests;
      const answers = await Promise.all([arrive(back), arrive(back)]);

      expect(answers.sort()).toEqual(['/', REFUSED]);
      expect(provider.tokenRequests - asked).toBe(1);
    });

    it('should be refused when its code was used already', async () => {
      const used = await leave();
      await arrive(used);
      browser = new Browser(server.url);
      const back = await leave();
      back.searchParams.set('code', used.searchParams.get('code') ?? '');

      expect(await arrive(back)).toBe(REFUSED);
    });

    it('should be refused when its code was given for another question', async () => {
      const other = await leave(START, new Browser(server.url));
      const back = await leave();
      back.searchParams.set('code', other.searchParams.get('code') ?? '');

      // PKCE: the verifier of this question does not fit the challenge of the other one.
      expect(await arrive(back)).toBe(REFUSED);
    });

    it('should be refused when it comes after ten minutes', async () => {
      const back = await leave();
      await query(
        server.database.url,
        `update identity_flows set expires_at = expires_at - interval '10 minutes'`,
      );

      expect(await arrive(back)).toBe(REFUSED);
    });

    it.each([
      ['the nonce is another one', { claims: { nonce: 'another one' } }],
      ['there is no nonce', { claims: { nonce: undefined } }],
      ['it is for another client', { claims: { aud: 'somebody else' } }],
      ['it is of another provider', { claims: { iss: 'https://evil.example.org/' } }],
      ['it has expired', { claims: { exp: 1_700_000_000 } }],
      ['it says nobody', { claims: { sub: undefined } }],
      ['it is signed by another key', { isForged: true }],
      ['the person did not want to', { isDenied: true }],
    ])('should be refused when %s', async (_case, deviation) => {
      await linkedPerson();
      provider.deviation = deviation;

      expect(await visit()).toBe(REFUSED);
      expect(browser.isSignedIn).toBe(false);
    });

    it('should be refused for a while when too many were wrong', async () => {
      const back = await leave();
      for (let attempt = 0; attempt < 30; attempt += 1)
        expect(await arrive(new URL(`${back.origin}${back.pathname}?state=x&code=y`))).toBe(
          REFUSED,
        );
      const { status, headers } = await browser.get(back.pathname + back.search);

      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(60);
    });
  });

  describe('somebody unknown', () => {
    it('should become a member when that is allowed', async () => {
      provider.person = { sub: 'new 1', preferred_username: 'Zoë@example.org', name: 'Zoë B.' };

      expect(await visit()).toBe('/');
      const [user] = await usersNamed('zoe');
      expect(user).toMatchObject({ username: 'zoe', displayName: 'Zoë B.', role: 'member' });
      expect((await browser.get('/api/v1/me')).body).toMatchObject({ id: user?.id });
      expect(await auditOf(server, { id: user?.id ?? '' })).toEqual([
        ['homeserver.user.signed_in', 'identity provider'],
        ['homeserver.user.identity_linked', 'Keycloak'],
        ['homeserver.user.created', 'member'],
      ]);
      // With a drive, as every user.
      const { body } = await browser.get('/api/v1/drives');
      expect(body).toMatchObject({ items: [expect.objectContaining({ name: 'zoe' })] });
    });

    it('should be the same one the next time, whatever they are called by then', async () => {
      provider.person = { sub: 'new 2', preferred_username: 'before' };
      await visit();
      provider.person = { sub: 'new 2', preferred_username: 'after' };
      await visit(START, new Browser(server.url));

      expect(await usersNamed('before')).toHaveLength(1);
      expect(await usersNamed('after')).toEqual([]);
    });

    it('should not be taken for a user of the same name', async () => {
      const person = await makePerson(server);
      provider.person = { sub: 'new 3', preferred_username: person.username };
      await visit();

      const { body } = await browser.get('/api/v1/me');
      expect(body).toMatchObject({ role: 'member', username: `${person.username}2` });
    });

    it('should not take up the files of a user who was deleted', async () => {
      const person = await makePerson(server);
      await fetch(`${server.url}/api/v1/users/${person.id}`, { method: 'DELETE' });
      provider.person = { sub: 'new 4', preferred_username: person.username };
      await visit();

      expect((await browser.get('/api/v1/me')).body).toMatchObject({
        username: `${person.username}2`,
      });
    });

    it('should be one user when they come twice at the same moment', async () => {
      provider.person = { sub: 'new 5', preferred_username: 'twin' };
      const browsers = [1, 2, 3].map(() => new Browser(server.url));
      const backs = await Promise.all(browsers.map(async (one) => leave(START, one)));
      const answers = await Promise.all(
        browsers.map(async (one, index) => {
          const back = backs[index];
          return back === undefined ? '' : arrive(back, one);
        }),
      );

      expect(answers).toEqual(['/', '/', '/']);
      expect(await usersNamed('twin')).toHaveLength(1);
      const drives = await browsers[0]?.get('/api/v1/drives');
      expect(drives?.body).toMatchObject({ items: [{ name: 'twin', state: 'online' }] });
    });

    it('should have their name looked up when the token does not tell it', async () => {
      provider.person = { sub: 'new 6', preferred_username: 'hidden' };
      provider.hidesNames = true;
      await visit();

      expect(await usersNamed('hidden')).toHaveLength(1);
    });

    describe('where nobody is made a user', () => {
      let closed: TestApp;

      beforeAll(async () => {
        closed = await startApp({}, false);
      });

      afterAll(async () => {
        await closed.close();
      });

      it('should not be let in', async () => {
        browser = new Browser(closed.url);

        expect(await visit()).toBe('/sign-in?problem=accounts.oidc_unknown_user');
        expect(browser.isSignedIn).toBe(false);
        expect(
          await query(closed.database.url, `select 1 from users where role = 'member'`),
        ).toEqual([]);
      });

      it('should not be let in by the name of a user', async () => {
        provider.person = { sub: 'a stranger', preferred_username: 'keeper' };
        browser = new Browser(closed.url);

        expect(await visit()).toBe('/sign-in?problem=accounts.oidc_unknown_user');
      });

      it('should tell its names to nobody, so they are not asked for', async () => {
        await leave(START, new Browser(closed.url));

        expect(provider.lastRequest.get('scope')).toBe('openid');
      });
    });

    it('should not be the first user, who is the administrator', async () => {
      const empty = await startApp({ firstAdministrator: null });
      try {
        browser = new Browser(empty.url);

        expect(await visit()).toBe('/sign-in?problem=accounts.oidc_unknown_user');
        expect((await browser.get('/api/v1/setup')).body).toEqual({ needed: true });
      } finally {
        await empty.close();
      }
    });
  });

  describe('linking', () => {
    it('should show, and stand in the audit log', async () => {
      const person = await linkedPerson();

      expect((await person.browser.get('/api/v1/me/factors')).body).toMatchObject({
        identityProvider: { name: 'Keycloak', isLinked: true },
      });
      expect((await auditOf(server, person))[0]).toEqual([
        'homeserver.user.identity_linked',
        'Keycloak',
      ]);
    });

    it('should ask the person to sign in there, whoever the provider knows still', async () => {
      await linkedPerson();

      expect(provider.lastRequest.get('prompt')).toBe('login');
    });

    it('should need a fresh sign-in', async () => {
      const person = await linkedPerson();
      await ageSignIn(server, person);

      expect(locationOf(await person.browser.get(LINK))).toBe(
        '/account?problem=accounts.confirm_required',
      );
    });

    it('should not be begun by a page of another site', async () => {
      const person = await linkedPerson();
      const { status, body } = await person.browser.get(LINK, { 'Sec-Fetch-Site': 'cross-site' });

      expect([status, body]).toEqual([403, expect.objectContaining({ code: 'access.cross_site' })]);
    });

    it('should need a session', async () => {
      expect((await browser.get(LINK)).status).toBe(401);
      expect((await browser.get(LINK, { Authorization: `Bearer ${server.token}` })).status).toBe(
        403,
      );
    });

    it('should be refused when the person has signed out meanwhile', async () => {
      const person = await makePerson(server);
      await browser.signIn(person);
      const back = await leave(LINK);
      await browser.post('/api/v1/auth/sign-out');

      expect(await arrive(back)).toBe('/account?problem=accounts.oidc_refused');
      expect(await visit()).toBe('/');
      expect((await browser.get('/api/v1/me')).body).not.toMatchObject({ id: person.id });
    });

    it('should be refused when somebody else has signed in meanwhile', async () => {
      const person = await makePerson(server);
      const other = await makePerson(server);
      await browser.signIn(person);
      const back = await leave(LINK);
      await browser.signIn(other);

      expect(await arrive(back)).toBe('/account?problem=accounts.oidc_refused');
    });

    it('should be refused when the account is linked with somebody else', async () => {
      await linkedPerson();
      await browser.signIn(await makePerson(server));

      expect(await visit(LINK)).toBe('/account?problem=accounts.identity_taken');
    });

    it('should be refused when the person is linked with another account', async () => {
      const person = await linkedPerson();
      provider.person = { sub: `another ${subjects}` };

      expect(await visit(LINK, person.browser)).toBe('/account?problem=accounts.identity_exists');
    });

    it('should change nothing when it is linked already', async () => {
      const person = await linkedPerson();

      expect(await visit(LINK, person.browser)).toBe('/account');
    });

    it('should end when it is undone', async () => {
      const person = await linkedPerson();
      const undo = () => person.browser.call('DELETE', '/api/v1/me/identity');

      expect((await undo()).status).toBe(204);
      expect((await undo()).body).toMatchObject({ code: 'accounts.identity_not_linked' });
      const { body } = await person.browser.get('/api/v1/me/factors');
      expect(factorListSchema.parse(body).identityProvider?.isLinked).toBe(false);
      await visit();
      expect((await browser.get('/api/v1/me')).body).not.toMatchObject({ id: person.id });
    });

    it('should be a way in, so that everything else may be removed', async () => {
      const person = await linkedPerson();
      await query(server.database.url, `update users set password_hash = null where id = $1`, [
        person.id,
      ]);
      const id = '0198c0dd-9999-7c5b-9a51-0d5a3b1f2e4c';
      await query(
        server.database.url,
        `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, rp_id, name, created_at)
         values ($1, $2, 'x', 'x', 0, '{}', 'localhost', 'Phone', now())`,
        [id, person.id],
      );

      expect((await person.browser.call('DELETE', `/api/v1/me/factors/${id}`)).status).toBe(204);
    });

    it('should not be undone when it is the last way in', async () => {
      await visit();
      await visit(); // signed in by now, so the provider asks them anew
      const { status, body } = await browser.call('DELETE', '/api/v1/me/identity');

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.last_way_in' }),
      ]);
    });
  });

  describe('showing once more that it is you', () => {
    const factors = '/api/v1/me/factors/totp';

    it('should be done by signing in there again', async () => {
      await visit();
      const { body } = await browser.get('/api/v1/me');
      await query(
        server.database.url,
        `update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1`,
        [Reflect.get(Object(body), 'id')],
      );
      expect((await browser.post(factors)).status).toBe(403);
      await visit();

      expect(provider.lastRequest.get('prompt')).toBe('login');
      expect((await browser.post(factors)).status).toBe(200);
    });

    it('should not be done by the provider knowing the person still', async () => {
      provider.deviation = { claims: { auth_time: Math.floor(Date.now() / 1000) - 3600 } };
      await visit();

      expect(browser.isSignedIn).toBe(true);
      expect((await browser.post(factors)).status).toBe(403);
    });

    it('should not be done by a provider that does not say when, and was not told to ask', async () => {
      await visit();
      expect(provider.lastRequest.get('prompt')).toBeNull();

      expect(browser.isSignedIn).toBe(true);
      expect((await browser.post(factors)).status).toBe(403);
    });

    it('should hold no longer than from now when the clock of the provider is ahead', async () => {
      provider.deviation = { claims: { auth_time: Math.floor(Date.now() / 1000) + 3600 } };
      await visit();

      expect(
        await query(server.database.url, `select 1 from sessions where confirmed_at > now()`),
      ).toEqual([]);
    });
  });

  describe('with a PUBLIC_URL', () => {
    let fronted: TestApp;
    beforeAll(async () => {
      fronted = await startApp({ publicUrl: 'https://home.example.org', trustProxy: 'loopback' });
    });

    afterAll(async () => {
      await fronted.close();
    });

    it('should lead to that first when HomeServer was opened elsewhere', async () => {
      browser = new Browser(fronted.url);

      expect(locationOf(await browser.get(`${START}?returnTo=/files`))).toBe(
        'https://home.example.org/api/v1/auth/oidc?returnTo=%2Ffiles',
      );
    });

    it('should lead back to that, with cookies for HTTPS alone', async () => {
      const get = (path: string, cookie = '') =>
        request(fronted.url)
          .get(path)
          .set({
            Host: 'home.example.org',
            'X-Forwarded-Proto': 'https',
            ...ANONYMOUS,
            Cookie: cookie,
          });
      const left = await get(START);
      const [line = ''] = left.get('Set-Cookie') ?? [];
      expect(line).toMatch(/^__Secure-homeserver_oidc=.*; HttpOnly; Secure; SameSite=Lax$/);
      const { headers } = await fetch(left.get('Location') ?? '', { redirect: 'manual' });
      const back = new URL(headers.get('location') ?? '');
      expect(back.origin + back.pathname).toBe(
        'https://home.example.org/api/v1/auth/oidc/callback',
      );

      const arrived = await get(back.pathname + back.search, line.split(';')[0]);
      expect([arrived.status, arrived.get('Location')]).toEqual([302, '/']);
      expect(arrived.get('Set-Cookie')).toEqual([
        expect.stringMatching(/^__Secure-homeserver_oidc=; Max-Age=0/),
        expect.stringMatching(/^__Host-homeserver_session=\w{32};.* Secure/),
      ]);
    });
  });

  it('should be named to everybody who has not signed in', async () => {
    expect((await browser.get('/api/v1/auth/methods')).body).toMatchObject({
      oidc: { name: 'Keycloak' },
    });
  });

  it('should lead back when the provider is away, and lead to it when it is there again', async () => {
    const gone = await TestIdentityProvider.start();
    await gone.stop();
    const own = await startTestApp({
      identityProvider: {
        issuer: gone.issuer,
        clientId: CLIENT.id,
        clientSecret: null,
        name: 'Keycloak',
        createsUsers: false,
      },
    });
    try {
      expect(locationOf(await new Browser(own.url).get(START))).toBe(REFUSED);
      const again = await TestIdentityProvider.start(Number(new URL(gone.issuer).port));
      try {
        expect(locationOf(await new Browser(own.url).get(START))).toMatch(/\/authorize\?/);
      } finally {
        await again.stop();
      }
    } finally {
      await own.close();
    }
  });

  it('should be answered 404 when none is set up', async () => {
    const without = await startTestApp();
    try {
      for (const path of [START, `${START}/callback?state=x&code=y`])
        expect((await new Browser(without.url).get(path)).body).toMatchObject({
          status: 404,
          code: 'accounts.oidc_not_set_up',
        });
    } finally {
      await without.close();
    }
  });
});
