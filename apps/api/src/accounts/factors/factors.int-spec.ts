import {
  addedFactorSchema,
  factorListSchema,
  recoveryCodesSchema,
  totpSetupSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';

import { Browser } from '../../../test/browser';
import {
  ageSignIn,
  auditOf,
  forgetAttempts,
  localhostUrl,
  makePerson,
  type TestPerson,
} from '../../../test/people';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FACTORS = '/api/v1/me/factors';

describe('second factors', () => {
  let server: TestApp;
  let person: TestPerson;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  beforeEach(async () => {
    await forgetAttempts(server);
    person = await makePerson(server);
  });

  /** The code of this moment, or of a step before or after it. */
  const codeOf = (secret: string, steps = 0) =>
    generateSync({ secret, epoch: Date.now() / 1000 + steps * 30 });

  /** As if the codes of the last minutes had not been used; so no test waits for the next one. */
  const forgetUsedCodes = () =>
    query(server.database.url, `update totp_factors set last_step = 0 where user_id = $1`, [
      person.id,
    ]);

  async function addTotp(): Promise<{ secret: string; id: string; recoveryCodes: string[] }> {
    const { secret } = totpSetupSchema.parse((await person.browser.post(`${FACTORS}/totp`)).body);
    const added = await person.browser.post(`${FACTORS}/totp/confirm`, { code: codeOf(secret) });
    const { factor, recoveryCodes } = addedFactorSchema.parse(added.body);
    await forgetUsedCodes();
    return { secret, id: factor.id, recoveryCodes: recoveryCodes ?? [] };
  }

  const listFactors = async () => factorListSchema.parse((await person.browser.get(FACTORS)).body);

  /** In a browser of its own. @returns the status, and the code of the problem */
  async function signIn(code?: string): Promise<[number, unknown]> {
    const browser = new Browser(server.url);
    const { status, body } = await browser.signIn(person, code);
    expect(browser.isSignedIn).toBe(status === 200);
    return [status, Reflect.get(Object(body), 'code')];
  }

  const OK = [200, undefined];
  const WRONG = [401, 'accounts.code_wrong'];

  describe('an authenticator app', () => {
    it('should be due at sign-in when it was added', async () => {
      expect(await signIn()).toEqual(OK);

      const { secret, id } = await addTotp();

      expect(await listFactors()).toMatchObject({
        items: [{ id, kind: 'totp', lastUsedAt: null }],
        requiredAtSignIn: true,
        recoveryCodesLeft: 10,
        hasPassword: true,
        identityProvider: null,
      });
      expect(await signIn()).toEqual([401, 'accounts.code_required']);
      expect(await signIn('000000')).toEqual(WRONG);
      expect(await signIn(codeOf(secret))).toEqual(OK);
      expect((await listFactors()).items[0]?.lastUsedAt).not.toBeNull();
    });

    it('should not be asked for when the password is wrong', async () => {
      await addTotp();
      const { status, body } = await new Browser(server.url).signIn(
        { ...person, password: 'the wrong one of two' },
        '000000',
      );

      expect([status, body]).toEqual([
        401,
        expect.objectContaining({ code: 'accounts.wrong_credentials' }),
      ]);
    });

    it('should not count when its set-up was begun alone', async () => {
      const begun = await person.browser.post(`${FACTORS}/totp`);

      expect(totpSetupSchema.parse(begun.body).secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(await signIn()).toEqual(OK);
      expect((await listFactors()).items).toEqual([]);
    });

    it('should not be added when the code is of another secret', async () => {
      const { secret } = totpSetupSchema.parse((await person.browser.post(`${FACTORS}/totp`)).body);
      await person.browser.post(`${FACTORS}/totp`);
      const refused = await person.browser.post(`${FACTORS}/totp/confirm`, {
        code: codeOf(secret),
      });

      expect([refused.status, refused.body]).toEqual([
        422,
        expect.objectContaining({
          code: 'accounts.code_wrong',
          errors: [expect.objectContaining({ pointer: '#/code' })],
        }),
      ]);
    });

    it('should have to be begun again when its set-up took too long', async () => {
      const { secret } = totpSetupSchema.parse((await person.browser.post(`${FACTORS}/totp`)).body);
      await query(
        server.database.url,
        `update totp_factors set created_at = now() - interval '16 minutes' where user_id = $1`,
        [person.id],
      );
      const late = await person.browser.post(`${FACTORS}/totp/confirm`, { code: codeOf(secret) });

      expect([late.status, late.body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.totp_not_begun' }),
      ]);
    });

    it('should be there once when it is set up twice', async () => {
      await addTotp();
      const second = await person.browser.post(`${FACTORS}/totp`);

      expect([second.status, second.body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.totp_exists' }),
      ]);
    });

    it('should have its code taken once when that is used again', async () => {
      const { secret } = await addTotp();
      const code = codeOf(secret);

      expect(await signIn(code)).toEqual(OK);
      expect(await signIn(code)).toEqual(WRONG);
    });

    it('should have its code taken once when two come at the same moment', async () => {
      const { secret } = await addTotp();
      const code = codeOf(secret);
      const answers = await Promise.all([signIn(code), signIn(code), signIn(code)]);

      expect(answers.map(([status]) => status).sort()).toEqual([200, 401, 401]);
    });

    it('should not take the code that confirmed its set-up a second time', async () => {
      const { secret } = totpSetupSchema.parse((await person.browser.post(`${FACTORS}/totp`)).body);
      const code = codeOf(secret);
      await person.browser.post(`${FACTORS}/totp/confirm`, { code });

      expect(await signIn(code)).toEqual(WRONG);
    });

    it('should not take an earlier code when a later one was used', async () => {
      const { secret } = await addTotp();

      expect(await signIn(codeOf(secret, 1))).toEqual(OK);
      expect(await signIn(codeOf(secret))).toEqual(WRONG);
    });

    it('should take a code in groups when the app shows it so', async () => {
      const { secret } = await addTotp();

      expect(await signIn(codeOf(secret).replace(/^.../, '$& '))).toEqual(OK);
    });

    it('should let in by the password alone again when it was removed', async () => {
      const { id, recoveryCodes } = await addTotp();

      expect((await person.browser.call('DELETE', `${FACTORS}/${id}`)).status).toBe(204);
      expect(await listFactors()).toMatchObject({
        items: [],
        requiredAtSignIn: false,
        recoveryCodesLeft: 0,
      });
      expect(await signIn()).toEqual(OK);
      // A code of then is worth nothing when there is a factor again.
      await addTotp();
      expect(await signIn(recoveryCodes[0])).toEqual(WRONG);
    });

    it('should not be removed by somebody else', async () => {
      const { id } = await addTotp();
      const other = await makePerson(server);
      const { status, body } = await other.browser.call('DELETE', `${FACTORS}/${id}`);

      expect([status, body]).toEqual([
        404,
        expect.objectContaining({ code: 'accounts.factor_not_found' }),
      ]);
      expect((await listFactors()).items).toHaveLength(1);
    });

    it('should go with its user', async () => {
      await addTotp();
      await fetch(`${server.url}/api/v1/users/${person.id}`, { method: 'DELETE' });

      expect(
        await query(
          server.database.url,
          `select 1 from totp_factors where user_id = $1 union all select 1 from recovery_codes where user_id = $1`,
          [person.id],
        ),
      ).toEqual([]);
    });
  });

  describe('recovery codes', () => {
    it('should each let in once', async () => {
      const { recoveryCodes } = await addTotp();
      const [first = '', second = ''] = recoveryCodes;

      expect(new Set(recoveryCodes).size).toBe(10);
      expect(await signIn(first)).toEqual(OK);
      expect(await signIn(first)).toEqual(WRONG);
      expect(await signIn(second.toUpperCase().replaceAll('-', ' '))).toEqual(OK);
      expect((await listFactors()).recoveryCodesLeft).toBe(8);
      expect(await auditOf(server, person)).toContainEqual([
        'homeserver.user.changed',
        'a recovery code was used, 8 are left',
      ]);
    });

    it('should let in once when one is used twice at the same moment', async () => {
      const [code = ''] = (await addTotp()).recoveryCodes;
      const answers = await Promise.all([signIn(code), signIn(code), signIn(code)]);

      expect(answers.map(([status]) => status).sort()).toEqual([200, 401, 401]);
    });

    it('should let in nobody else', async () => {
      const [code = ''] = (await addTotp()).recoveryCodes;
      person = await makePerson(server);
      await addTotp();

      expect(await signIn(code)).toEqual(WRONG);
    });

    it('should be void when new ones are made', async () => {
      const [former = ''] = (await addTotp()).recoveryCodes;
      const renewed = await person.browser.post(`${FACTORS}/recovery-codes`);
      const [code = ''] = recoveryCodesSchema.parse(renewed.body).recoveryCodes;

      expect(await signIn(former)).toEqual(WRONG);
      expect(await signIn(code)).toEqual(OK);
    });

    it('should be kept as hashes alone', async () => {
      const { recoveryCodes } = await addTotp();
      const rows = await query<{ text: string }>(
        server.database.url,
        `select encode(code_hash, 'escape') as text from recovery_codes where user_id = $1`,
        [person.id],
      );

      expect(rows).toHaveLength(10);
      for (const { text } of rows)
        expect(recoveryCodes.some((code) => text.includes(code.slice(0, 4)))).toBe(false);
    });

    it('should not be made when there is no factor that they could stand in for', async () => {
      const { status, body } = await person.browser.post(`${FACTORS}/recovery-codes`);

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.no_factor' }),
      ]);
    });
  });

  describe('the wish to need one', () => {
    it('should be refused when there is none', async () => {
      const { status, body } = await person.browser.call('PATCH', FACTORS, {
        requiredAtSignIn: true,
      });

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.no_factor' }),
      ]);
    });

    it('should stay when there is an authenticator app', async () => {
      await addTotp();
      const { status, body } = await person.browser.call('PATCH', FACTORS, {
        requiredAtSignIn: false,
      });

      expect([status, body]).toEqual([
        409,
        expect.objectContaining({ code: 'accounts.required_by_totp' }),
      ]);
      expect(await signIn()).toEqual([401, 'accounts.code_required']);
    });
  });

  describe('what is sensitive', () => {
    it.each([
      ['POST', `${FACTORS}/totp`, {}],
      ['POST', `${FACTORS}/totp/confirm`, { code: '000000' }],
      ['POST', `${FACTORS}/recovery-codes`, {}],
      ['POST', `${FACTORS}/passkeys/options`, {}],
      ['PATCH', FACTORS, { requiredAtSignIn: true }],
      ['DELETE', `${FACTORS}/01a0c0dd-9999-7c5b-9a51-0d5a3b1f2e4c`, undefined],
    ])('should ask for a fresh sign-in at %s %s', async (method, path, body) => {
      await ageSignIn(server, person);
      const answer = await person.browser.call(method, path, body);

      expect([answer.status, answer.body]).toEqual([
        403,
        expect.objectContaining({ code: 'accounts.confirm_required' }),
      ]);
    });

    it.each([
      ['GET', FACTORS, undefined],
      ['POST', `${FACTORS}/totp`, {}],
      ['POST', `${FACTORS}/recovery-codes`, {}],
    ])('should not be open to a token at %s %s', async (method, path, body) => {
      const { status } = await new Browser(server.url).call(method, path, body, {
        Authorization: `Bearer ${server.token}`,
      });

      expect(status).toBe(403);
    });

    it('should be possible again when the code was given once more', async () => {
      const { secret } = await addTotp();
      await ageSignIn(server, person);
      const confirm = (code?: string) =>
        person.browser.post('/api/v1/auth/confirm', {
          password: person.password,
          ...(code === undefined ? {} : { code }),
        });

      expect((await confirm()).body).toMatchObject({ code: 'accounts.code_required' });
      expect((await person.browser.post(`${FACTORS}/recovery-codes`)).status).toBe(403);
      expect((await confirm(codeOf(secret))).status).toBe(204);
      expect((await person.browser.post(`${FACTORS}/recovery-codes`)).status).toBe(200);
    });

    it('should stand in the audit log', async () => {
      const { id } = await addTotp();
      await person.browser.post(`${FACTORS}/recovery-codes`);
      await person.browser.call('DELETE', `${FACTORS}/${id}`);

      expect((await auditOf(server, person)).slice(0, 3)).toEqual([
        ['homeserver.user.factor_removed', 'Authenticator app'],
        ['homeserver.user.recovery_codes_made', null],
        ['homeserver.user.factor_added', 'Authenticator app'],
      ]);
    });
  });

  describe('too many wrong codes', () => {
    it('should keep out the right one too, and say for how long', async () => {
      const { secret } = await addTotp();
      for (let attempt = 0; attempt < 10; attempt += 1)
        expect(await signIn('000000')).toEqual(WRONG);
      const late = await new Browser(server.url).signIn(person, codeOf(secret));

      expect([late.status, late.body]).toEqual([
        429,
        expect.objectContaining({ code: 'accounts.too_many_attempts' }),
      ]);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(60);
    });

    it('should count when an authenticator app is set up', async () => {
      await person.browser.post(`${FACTORS}/totp`);
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 11; attempt += 1)
        statuses.push(
          (await person.browser.post(`${FACTORS}/totp/confirm`, { code: '000000' })).status,
        );

      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
    });

    it('should keep out the right one for a day when they came from everywhere', async () => {
      const { secret } = await addTotp();
      // As if 50 others had tried; each from a network of its own.
      await signIn('000000');
      await query(server.database.url, `update secret_attempts set count = 50 where key = $1`, [
        JSON.stringify(['code', person.username, null]),
      ]);
      const late = await new Browser(server.url).signIn(person, codeOf(secret));

      expect(late.status).toBe(429);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(23 * 60 * 60);
    });

    it('should count recovery codes too', async () => {
      await addTotp();
      for (let attempt = 0; attempt < 10; attempt += 1)
        expect(await signIn('7f3k-q9xd-2m4t')).toEqual(WRONG);

      expect((await signIn('7f3k-q9xd-2m4t'))[0]).toBe(429);
    });
  });

  it('should tell the same of itself to everybody who has not signed in', async () => {
    const methods = await new Browser(localhostUrl(server)).get('/api/v1/auth/methods');

    expect([methods.status, methods.body]).toEqual([
      200,
      { passkeys: { available: true, reason: null }, oidc: null },
    ]);
  });
});
