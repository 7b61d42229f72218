import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { cookieOf } from '../../../test/sign-in';
import { startTestApp, type TestApp } from '../../../test/test-app';

const NEW_PASSWORD = 'an otter under the bridge';

describe('the change of one’s own password', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  /** Changes the password in a session whose proof is too old. @returns the answer to a wish for a token after it */
  const wishAfterChange = async (person: Person, currentPassword?: string): Promise<Response> => {
    await query(
      server.database.url,
      `update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1`,
      [person.id],
    );
    const changed = await person.call('PUT', '/api/v1/me/password', {
      ...(currentPassword === undefined ? {} : { currentPassword }),
      newPassword: NEW_PASSWORD,
    });
    return fetch(`${server.url}/api/v1/me/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: cookieOf(changed) },
      body: JSON.stringify({ name: 'kept', scopes: ['files:read'] }),
    });
  };

  it('should prove who somebody is when a password is all that they are asked for', async () => {
    const person = await Person.arrive(server, 'rosa');

    expect((await wishAfterChange(person, person.password)).status).toBe(201);
  });

  it('should not stand in for the second factor when one is asked for', async () => {
    const person = await Person.arrive(server, 'sven');
    await query(
      server.database.url,
      `update users set second_factor_required = true where id = $1`,
      [person.id],
    );

    expect(await readProblem(await wishAfterChange(person, person.password))).toMatchObject({
      status: 403,
      code: 'accounts.confirm_required',
    });
  });
});
