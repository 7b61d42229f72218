import { auditPageSchema, drivePageSchema, userSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { eventually } from '../../../test/eventually';
import { read, readProblem } from '../../../test/files-client';
import { Person } from '../../../test/person';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const ADMINISTRATORS_LOCK = 4_870_352;

describe('administrators', () => {
  let server: TestApp;
  let keeperId: string;

  beforeAll(async () => {
    server = await startTestApp();
    keeperId = (await read(server, '/api/v1/me', userSchema)).id;
  });

  afterAll(async () => {
    await server.close();
  });

  const call = (method: string, path: string, body?: unknown) =>
    fetch(server.url + path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  /** Changes rows while a call waits for its turn, that was let in by what they said before. */
  const changeDuring = async (statement: string, make: () => Promise<Response>) => {
    const client = new Client({ connectionString: server.database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
      const answering = make();
      await eventually(async () => {
        const waiting = await query(
          server.database.url,
          `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`,
        );
        expect(waiting).not.toEqual([]);
      });
      await client.query(statement);
      await client.query('commit');
      return await answering;
    } finally {
      await client.end();
    }
  };

  it('should not take back what was taken from them a moment ago', async () => {
    const ousted = await Person.arrive(server, 'ousted', 'admin');
    const answer = await changeDuring(
      `update users set role = 'member', disabled = true where id = '${ousted.id}'`,
      () => ousted.call('PATCH', `/api/v1/users/${ousted.id}`, { role: 'admin', disabled: false }),
    );

    expect((await readProblem(answer)).code).toBe('access.denied');
    expect(await read(server, `/api/v1/users/${ousted.id}`, userSchema)).toMatchObject({
      role: 'member',
      disabled: true,
    });
  });

  it('should delete nobody any more when they were deleted themselves a moment ago', async () => {
    const gone = await Person.arrive(server, 'gone', 'admin');
    const other = await Person.arrive(server, 'other', 'admin');
    const answer = await changeDuring(`delete from users where id = '${gone.id}'`, () =>
      gone.call('DELETE', `/api/v1/users/${other.id}`),
    );

    expect((await readProblem(answer)).code).toBe('access.denied');
    expect((await call('GET', `/api/v1/users/${other.id}`)).status).toBe(200);
    expect((await call('DELETE', `/api/v1/users/${other.id}`)).status).toBe(204);
  });

  it('should not give way to one who has no way in', async () => {
    const ghost = await Person.arrive(server, 'ghost', 'admin');
    // As who came by an identity provider from which they are no longer linked.
    await query(server.database.url, `update users set password_hash = null where id = $1`, [
      ghost.id,
    ]);

    for (const attempt of [
      () => call('PATCH', `/api/v1/users/${keeperId}`, { role: 'member' }),
      () => call('PATCH', `/api/v1/users/${keeperId}`, { disabled: true }),
      () => call('DELETE', `/api/v1/users/${keeperId}`),
    ])
      expect((await readProblem(await attempt())).code).toBe('accounts.last_administrator');
  });

  it('should be seen to take over a drive, and see it no longer when somebody has it again', async () => {
    const former = await Person.arrive(server, 'passing');
    const friend = await Person.arrive(server, 'friend');
    const drives = await read(server, '/api/v1/drives?all=1', drivePageSchema);
    const driveId = drives.items.find(({ ownerId }) => ownerId === former.id)?.id ?? '';
    const items = [{ userId: friend.id, access: 'read' }];
    expect((await call('PUT', `/api/v1/drives/${driveId}/grants`, { items })).status).toBe(200);

    const second = await Person.arrive(server, 'second', 'admin');
    expect((await second.call('DELETE', `/api/v1/users/${former.id}`)).status).toBe(204);
    const path = '/api/v1/audit?types=homeserver.drive.granted';
    const audit = await read(server, path, auditPageSchema);
    expect(audit.items[0]).toMatchObject({
      actorName: 'second',
      subject: `drives/${driveId}`,
      summary: 'passing: second, write',
    });
    // Who deletes the heir is the next one.
    expect((await call('DELETE', `/api/v1/users/${second.id}`)).status).toBe(204);
    const mine = await read(server, '/api/v1/drives', drivePageSchema);
    expect(mine.items.find(({ id }) => id === driveId)).toMatchObject({ access: 'write' });

    const next = await Person.arrive(server, 'passing');
    const grants = await query(
      server.database.url,
      `select user_id as id from drive_grants where drive_id = $1`,
      [driveId],
    );
    expect(grants).toEqual([{ id: next.id }]);
  });
});
