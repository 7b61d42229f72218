import {
  addedFactorSchema,
  factorListSchema,
  type PasskeyChallenge,
  passkeyChallengeSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type Deviation, SoftwarePasskey } from '../../../test/authenticator';
import { type Answer, Browser } from '../../../test/browser';
import {
  ageSignIn,
  auditOf,
  disable,
  forgetAttempts,
  localhostUrl,
  makePerson,
  type TestPerson,
} from '../../../test/people';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FACTORS = '/api/v1/me/factors';
const PASSKEYS = `${FACTORS}/passkeys`;

describe('passkeys', () => {
  let server: TestApp;
  let url: string;
  let person: TestPerson;
  /** Of somebody who has not signed in. */
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestApp();
    url = localhostUrl(server);
  });

  afterAll(async () => {
    await server.close();
  });

  beforeEach(async () => {
    await forgetAttempts(server);
    person = await makePerson(server);
    browser = new Browser(url);
  });

  const beginAdding = async (who = person) =>
    passkeyChallengeSchema.parse((await who.browser.post(`${PASSKEYS}/options`)).body);
  const beginSignIn = async () =>
    passkeyChallengeSchema.parse((await browser.post('/api/v1/auth/passkey/options')).body);

  async function addPasskey(who = person): Promise<SoftwarePasskey> {
    const passkey = new SoftwarePasskey(url);
    const challenge = await beginAdding(who);
    const { status } = await finishAdding(challenge, passkey, {}, who);
    expect(status).toBe(201);
    return passkey;
  }

  const finishAdding = (
    challenge: PasskeyChallenge,
    passkey: SoftwarePasskey,
    deviation: Deviation = {},
    who = person,
  ) =>
    who.browser.post(PASSKEYS, {
      challengeId: challenge.challengeId,
      name: 'Phone',
      response: passkey.create(challenge, deviation),
    });

  const finishSignIn = (
    challenge: PasskeyChallenge,
    passkey: SoftwarePasskey,
    deviation: Deviation = {},
  ) =>
    browser.post('/api/v1/auth/passkey', {
      challengeId: challenge.challengeId,
      response: passkey.use(challenge, deviation),
    });

  const signIn = async (passkey: SoftwarePasskey, deviation: Deviation = {}) =>
    finishSignIn(await beginSignIn(), passkey, deviation);

  function expectRefused({ status, body }: Answer, expected = 401): void {
    expect([status, body]).toEqual([
      expected,
      expect.objectContaining({ code: 'accounts.passkey_refused' }),
    ]);
    expect(browser.isSignedIn).toBe(false);
  }

  describe('signing in', () => {
    it('should need nothing but the passkey', async () => {
      const { status, body } = await signIn(await addPasskey());

      expect([status, body]).toEqual([
        200,
        { user: expect.objectContaining({ id: person.id, username: person.username }) },
      ]);
      expect((await browser.get('/api/v1/me')).body).toMatchObject({ id: person.id });
      expect(await auditOf(server, person)).toContainEqual([
        'homeserver.user.signed_in',
        'passkey',
      ]);
    });

    it('should ask browsers for one that knows its user and checks the person', async () => {
      const { options } = await beginSignIn();

      expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
      expect(options['allowCredentials'] ?? []).toEqual([]);
    });

    it('should need no code when one is due beside the password', async () => {
      const passkey = await addPasskey();
      await person.browser.call('PATCH', FACTORS, { requiredAtSignIn: true });

      expect((await browser.signIn(person)).body).toMatchObject({ code: 'accounts.code_required' });
      expect((await signIn(passkey)).status).toBe(200);
    });

    it('should work a second time with another challenge', async () => {
      const passkey = await addPasskey();
      await signIn(passkey);
      browser = new Browser(url);

      expect((await signIn(passkey)).status).toBe(200);
    });

    it.each<[string, Deviation]>([
      ['the page is of another origin', { origin: 'http://localhost:1' }],
      ['the page is of another site', { origin: 'https://homeserver.example.org' }],
      ['it is made for another name', { rpId: 'example.org' }],
      ['nobody unlocked it', { isUserVerified: false }],
      ['the challenge is another one', { challenge: 'c29tZXRoaW5nIGVsc2U' }],
      ['it answers to be made', { type: 'webauthn.create' }],
      ['it does not say whose it is', { userHandle: undefined }],
      ['it says that it is of another user', { userHandle: 'AZjA2lVVfFuaUQ1aOx8uTA' }],
    ])('should be refused when %s', async (_case, deviation) => {
      const passkey = await addPasskey();

      expectRefused(await signIn(passkey, deviation));
      expect(await auditOf(server, person)).toContainEqual([
        'homeserver.user.sign_in_failed',
        'passkey refused',
      ]);
    });

    it('should be refused when the signature is of another key', async () => {
      const passkey = await addPasskey();
      const challenge = await beginSignIn();
      const { response } = new SoftwarePasskey(url).use(challenge);
      const forged = passkey.use(challenge);

      expectRefused(
        await browser.post('/api/v1/auth/passkey', {
          challengeId: challenge.challengeId,
          response: { ...forged, response: { ...forged.response, signature: response.signature } },
        }),
      );
    });

    it('should be refused when nobody knows the passkey', async () => {
      expectRefused(
        await signIn(new SoftwarePasskey(url), { userHandle: 'AZjA2lVVfFuaUQ1aOx8uTA' }),
      );
    });

    it('should be refused when the answer is sent a second time', async () => {
      const passkey = await addPasskey();
      const challenge = await beginSignIn();
      const answers = await Promise.all([
        finishSignIn(challenge, passkey),
        finishSignIn(challenge, passkey),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
      browser = new Browser(url);

      expectRefused(await finishSignIn(challenge, passkey));
    });

    it('should be refused when the challenge is five minutes old', async () => {
      const passkey = await addPasskey();
      const challenge = await beginSignIn();
      await query(
        server.database.url,
        `update passkey_challenges set expires_at = expires_at - interval '5 minutes' where id = $1`,
        [challenge.challengeId],
      );

      expectRefused(await finishSignIn(challenge, passkey));
    });

    it('should be refused when the challenge was for adding one', async () => {
      const passkey = await addPasskey();
      const { challengeId, options } = await beginAdding();

      expectRefused(
        await finishSignIn({ challengeId, options: { ...options, rpId: 'localhost' } }, passkey),
      );
    });

    it('should be refused when it was used less often than it said before', async () => {
      const passkey = await addPasskey();
      passkey.counter = 7;
      expect((await signIn(passkey)).status).toBe(200);
      browser = new Browser(url);

      for (const counter of [7, 6, 0]) expectRefused(await signIn(passkey, { counter }));
      expect((await signIn(passkey, { counter: 8 })).status).toBe(200);
    });

    it('should be refused when the account is disabled', async () => {
      const passkey = await addPasskey();
      await disable(server, person);
      const { status, body } = await signIn(passkey);

      expect([status, body]).toEqual([403, expect.objectContaining({ code: 'accounts.disabled' })]);
      expect(browser.isSignedIn).toBe(false);
    });

    it('should be refused when the passkey was removed', async () => {
      const passkey = await addPasskey();
      const { items } = factorListSchema.parse((await person.browser.get(FACTORS)).body);
      await person.browser.call('DELETE', `${FACTORS}/${items[0]?.id ?? ''}`);

      expectRefused(await signIn(passkey));
    });

    it('should be refused for a while when too many were wrong', async () => {
      const passkey = await addPasskey();
      for (let attempt = 0; attempt < 30; attempt += 1)
        expectRefused(await signIn(passkey, { isUserVerified: false }));
      const { status, headers } = await signIn(passkey);

      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(60);
    });

    it.each([
      ['nothing', {}],
      ['a text', 'passkey'],
      ['no base64url', { id: '%', rawId: '%', type: 'public-key', response: {} }],
    ])('should answer 422 when the answer of the browser is %s', async (_case, response) => {
      const { challengeId } = await beginSignIn();

      expect((await browser.post('/api/v1/auth/passkey', { challengeId, response })).status).toBe(
        422,
      );
    });

    it('should say why not when HomeServer was opened without HTTPS', async () => {
      const plain = new Browser(server.url);
      const { status, body } = await plain.post('/api/v1/auth/passkey/options');

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({
          code: 'accounts.passkeys_unavailable',
          detail: expect.stringMatching(/HTTPS/),
        }),
      ]);
      expect((await plain.get('/api/v1/auth/methods')).body).toMatchObject({
        passkeys: { available: false, reason: expect.stringMatching(/HTTPS/) },
      });
    });
  });

  describe('adding one', () => {
    it('should show it, and bring recovery codes with the first', async () => {
      const challenge = await beginAdding();
      const added = await finishAdding(challenge, new SoftwarePasskey(url));
      const { factor, recoveryCodes } = addedFactorSchema.parse(added.body);

      expect(factor).toMatchObject({ kind: 'passkey', name: 'Phone', lastUsedAt: null });
      expect(recoveryCodes).toHaveLength(10);
      expect((await person.browser.get(FACTORS)).body).toMatchObject({
        items: [factor],
        requiredAtSignIn: false,
        recoveryCodesLeft: 10,
        passkeys: { available: true, reason: null },
      });
      const second = await finishAdding(await beginAdding(), new SoftwarePasskey(url));
      expect(second.body).toMatchObject({ recoveryCodes: null });
    });

    it('should leave the password alone sufficient until that is not wanted', async () => {
      const added = await finishAdding(await beginAdding(), new SoftwarePasskey(url));
      const [code = ''] = addedFactorSchema.parse(added.body).recoveryCodes ?? [];

      expect((await new Browser(url).signIn(person)).status).toBe(200);
      await person.browser.call('PATCH', FACTORS, { requiredAtSignIn: true });
      expect((await new Browser(url).signIn(person)).status).toBe(401);
      expect((await new Browser(url).signIn(person, code)).status).toBe(200);
      await person.browser.call('PATCH', FACTORS, { requiredAtSignIn: false });
      expect((await new Browser(url).signIn(person)).status).toBe(200);
    });

    it('should ask browsers for one that signs in alone, and tell which ones are there', async () => {
      const passkey = await addPasskey();
      const { options } = await beginAdding();

      expect(options).toMatchObject({
        rp: { id: 'localhost' },
        user: { name: person.username },
        attestation: 'none',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: [{ id: passkey.credentialId.toString('base64url') }],
      });
    });

    it.each<[string, Deviation]>([
      ['the page is of another origin', { origin: 'https://homeserver.example.org' }],
      ['it is made for another name', { rpId: 'example.org' }],
      ['nobody unlocked it', { isUserVerified: false }],
      ['the challenge is another one', { challenge: 'c29tZXRoaW5nIGVsc2U' }],
      ['it answers to be used', { type: 'webauthn.get' }],
    ])('should be refused when %s', async (_case, deviation) => {
      expectRefused(
        await finishAdding(await beginAdding(), new SoftwarePasskey(url), deviation),
        422,
      );
      expect((await person.browser.get(FACTORS)).body).toMatchObject({ items: [] });
    });

    it('should be refused when the challenge is of another user', async () => {
      const other = await makePerson(server);
      const challenge = await beginAdding(other);

      expectRefused(await finishAdding(challenge, new SoftwarePasskey(url)), 422);
    });

    it('should be refused when the challenge was for signing in', async () => {
      const { challengeId } = await beginSignIn();
      const { options } = await beginAdding();
      const { challenge } = (await beginSignIn()).options;

      expectRefused(
        await finishAdding(
          { challengeId, options: { ...options, challenge } },
          new SoftwarePasskey(url),
        ),
        422,
      );
    });

    it('should be refused when the challenge was used already', async () => {
      const challenge = await beginAdding();
      await finishAdding(challenge, new SoftwarePasskey(url));

      expectRefused(await finishAdding(challenge, new SoftwarePasskey(url)), 422);
    });

    it('should be refused when it is known, also as that of somebody else', async () => {
      const passkey = await addPasskey(await makePerson(server));
      const { status, body } = await finishAdding(await beginAdding(), passkey);

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.passkey_known' }),
      ]);
    });

    it.each(['AAAA', 'o2NmbXRkbm9uZQ', 'v_______'])(
      'should be refused when what the browser has made is “%s”',
      async (attestationObject) => {
        const challenge = await beginAdding();
        const made = new SoftwarePasskey(url).create(challenge);
        const response = { ...made, response: { ...made.response, attestationObject } };

        expectRefused(
          await person.browser.post(PASSKEYS, {
            challengeId: challenge.challengeId,
            name: 'Phone',
            response,
          }),
          422,
        );
      },
    );
  });

  describe('showing once more that it is you', () => {
    const confirm = (challenge: PasskeyChallenge, passkey: SoftwarePasskey) =>
      person.browser.post('/api/v1/auth/confirm/passkey', {
        challengeId: challenge.challengeId,
        response: passkey.use(challenge),
      });

    it('should be done by a passkey of yours', async () => {
      const passkey = await addPasskey();
      await ageSignIn(server, person);
      expect((await person.browser.post(`${FACTORS}/totp`)).status).toBe(403);

      expect((await confirm(await beginSignIn(), passkey)).status).toBe(204);
      expect((await person.browser.post(`${FACTORS}/totp`)).status).toBe(200);
    });

    it('should not be done by a passkey of somebody else', async () => {
      const passkey = await addPasskey(await makePerson(server));
      await ageSignIn(server, person);

      expectRefused(await confirm(await beginSignIn(), passkey));
      expect((await person.browser.post(`${FACTORS}/totp`)).status).toBe(403);
    });
  });

  it('should not take the last way in from a user without a password', async () => {
    await addPasskey();
    await addPasskey();
    await query(server.database.url, `update users set password_hash = null where id = $1`, [
      person.id,
    ]);
    const { items } = factorListSchema.parse((await person.browser.get(FACTORS)).body);
    const answers = await Promise.all(
      items.map(({ id }) => person.browser.call('DELETE', `${FACTORS}/${id}`)),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(answers.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ code: 'accounts.last_way_in' }),
    );
  });

  it('should remove challenges that are over when another one is asked for', async () => {
    await beginSignIn();
    await query(server.database.url, `update passkey_challenges set expires_at = now()`);
    await beginSignIn();

    expect(
      await query(
        server.database.url,
        `select 1 from passkey_challenges where expires_at <= now()`,
      ),
    ).toEqual([]);
  });
});
