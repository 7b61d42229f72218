import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { eventually } from '../../../test/eventually';
import { readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { ANONYMOUS, startTestApp, type TestApp } from '../../../test/test-app';

const NEW_PASSWORD = 'an otter under the bridge';

/** What was proved a moment ago may be void when it is used: an answer in between must not outlive a change. */
describe('a proof that was right when it was checked', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  /** Changes a user's row while a call is under way that has read it already: the call waits for the row. */
  const changeDuring = async (
    { id }: Person,
    change: string,
    call: () => Promise<Response>,
  ): Promise<Response> => {
    const client = new Client({ connectionString: server.database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(`update users set ${change} where id = $1`, [id]);
      await client.query('delete from sessions where user_id = $1', [id]);
      const answering = call();
      await eventually(async () => {
        const waiting = await query(
          server.database.url,
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        expect(waiting).not.toEqual([]);
      });
      await client.query('commit');
      return await answering;
    } finally {
      await client.end();
    }
  };

  const signIn = async ({ username, password }: Person) =>
    fetch(`${server.url}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { ...ANONYMOUS, 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });

  const sessionsOf = async ({ id }: Person) =>
    query(server.database.url, `select 1 from sessions where user_id = $1`, [id]);

  it('should let nobody in when the password was changed meanwhile', async () => {
    const person = await Person.arrive(server, 'lena');
    const answer = await changeDuring(person, `password_hash = 'another'`, () => signIn(person));

    expect(await readProblem(answer)).toMatchObject({
      status: 401,
      code: 'accounts.wrong_credentials',
    });
    expect(await sessionsOf(person)).toEqual([]);
  });

  it('should let nobody in when a second factor was asked for meanwhile', async () => {
    const person = await Person.arrive(server, 'mona');
    const answer = await changeDuring(person, `second_factor_required = true`, () =>
      signIn(person),
    );

    expect((await readProblem(answer)).status).toBe(401);
    expect(await sessionsOf(person)).toEqual([]);
  });

  it('should tell that the account is disabled when it was disabled meanwhile', async () => {
    const person = await Person.arrive(server, 'nils');
    const answer = await changeDuring(person, `disabled = true`, () => signIn(person));

    expect((await readProblem(answer)).code).toBe('accounts.disabled');
  });

  it.each(['password_hash = $$another$$', 'disabled = true', 'last_seen_at = now()'])(
    'should not set a password when meanwhile the session has ended, with %s',
    async (change) => {
      const person = await Person.arrive(server, `olga${change.length}`);
      const answer = await changeDuring(person, change, () =>
        person.call('PUT', '/api/v1/me/password', {
          currentPassword: person.password,
          newPassword: NEW_PASSWORD,
        }),
      );

      expect([401, 403]).toContain((await readProblem(answer)).status);
      expect(await sessionsOf(person)).toEqual([]);
    },
  );
});
