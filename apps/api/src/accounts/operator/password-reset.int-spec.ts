import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import * as z from 'zod';

import { query } from '../../../test/query';
import { ADMINISTRATOR, ANONYMOUS, startTestApp, type TestApp } from '../../../test/test-app';
import { PasswordResetRepository } from './password-reset.repository';

describe('the reset of a password', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const tryToSignIn = (username: string) =>
    fetch(`${server.url}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { ...ANONYMOUS, 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password: 'wrong' }),
    });
  const keys = async () =>
    (await query<{ key: string }>(server.database.url, 'select key from secret_attempts')).map(
      ({ key }) => key,
    );

  /** What a key is made of: the kind, the account, the client. */
  const partsOf = (key: string) => z.array(z.string().nullable()).parse(JSON.parse(key));

  it('should be there for the day it is needed, whatever names somebody has tried', async () => {
    const { username } = ADMINISTRATOR;
    // Cut to the size that is kept, the last character of this one is half of one.
    await tryToSignIn(`${'a'.repeat(63)}🙂`);
    await tryToSignIn(`x","${username}","`);
    await tryToSignIn(username);
    // As it would be kept without care: PostgreSQL takes this for no JSON.
    const broken = String.raw`["password","\ud83d",null]`;
    await query(
      server.database.url,
      `insert into secret_attempts values ($1, 1, now() + interval '1 hour')`,
      [broken],
    );
    const tried = await keys();
    const reset = await new PasswordResetRepository(server.app.get(DataSource)).reset({
      username,
      passwordHash: 'another',
      withoutSecondFactor: false,
    });

    expect(reset).toBe(true);
    expect(tried.filter((key) => key !== broken && !partsOf(key).join('').isWellFormed())).toEqual(
      [],
    );
    expect(tried.filter((key) => partsOf(key)[1] === username)).toHaveLength(2);
    expect((await keys()).toSorted()).toEqual(
      tried.filter((key) => partsOf(key)[1] !== username).toSorted(),
    );
  });
});
