import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../test/eventually';
import { operate, type Outcome } from '../test/operate';
import { Person } from '../test/person';
import { query } from '../test/query';
import { ServerProcess } from '../test/server-process';
import { signInWith, tokenOf } from '../test/sign-in';
import { ADMINISTRATOR, startTestApp, type TestApp } from '../test/test-app';

describe('the operator’s commands', () => {
  let server: TestApp;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startTestApp();
    environment = { DATABASE_URL: server.database.url, DATA_DIR: server.config.dataDir };
  });

  afterAll(async () => {
    await server.close();
  });

  const reset = (...args: string[]) => operate(['user', 'reset-password', ...args], environment);

  it('should tell how they are used', async () => {
    expect(await operate(['--help'], {})).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/user reset-password USERNAME/),
    });
    expect(await reset('--help')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/--without-second-factor/),
    });
    for (const args of [[], ['user', 'dance'], ['--nothing']])
      expect(await operate(args, {})).toMatchObject({ exitCode: 1, output: '' });
  });

  const scan = (...args: string[]) => operate(['drive', 'scan', ...args], environment);

  it('should have one drive scanned, or all, and tell what came of it', async () => {
    await writeFile(path.join(server.filesFolder, 'a.txt'), 'content');
    const [one, all] = await Promise.all([scan('Files', '--full'), scan()]);

    expect(one).toEqual({
      exitCode: 0,
      output: 'Files: done; 1 entry in the index.\n',
      errors: '',
    });
    expect(all.output).toBe(
      'Files: done; 1 entry in the index.\nkeeper: done; 0 entries in the index.\n',
    );
    const rows = await query<{ title: string }>(
      server.database.url,
      `select title from jobs where kind = 'scan' and state = 'done'`,
    );
    expect(rows.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Full scan of “Files”', 'Scan of “keeper”']),
    );
  });

  it('should say how a scan is asked for', async () => {
    const [unknown, help, ...wrong] = await Promise.all([
      scan('Attic'),
      scan('--help'),
      scan('one', 'two'),
      scan('--stdin'),
      reset('keeper', '--full'),
    ]);

    expect(unknown).toMatchObject({
      exitCode: 1,
      output: '',
      errors: 'There is no drive “Attic”. There are: Files, keeper.\n',
    });
    expect(help).toMatchObject({ exitCode: 0, output: expect.stringMatching(/--full/) });
    for (const outcome of wrong) expect(outcome).toMatchObject({ exitCode: 1, output: '' });
  });

  it('should not wait for a drive that is away', async () => {
    const home = path.join(server.config.dataDir, 'homes', 'keeper');
    await rename(home, `${home}-away`);
    const readState = async () =>
      query(server.database.url, `select state from drives where name = 'keeper'`);
    await eventually(async () => expect(await readState()).toEqual([{ state: 'offline' }]));

    expect((await scan('keeper')).output).toMatch(/away/);
    await rename(`${home}-away`, home);
  });

  it('should give a forgetful person a password, end their sessions, and let them in again', async () => {
    const person = await Person.arrive(server, 'forgetful');
    await query(server.database.url, `update users set disabled = true where id = $1`, [person.id]);
    await query(
      server.database.url,
      `insert into secret_attempts values ('["password","forgetful",null]', 1000, now() + interval '1 hour')
       on conflict (key) do update set count = 1000`,
    );
    const { exitCode, output } = await reset('Forgetful');
    const password = /^The password of Forgetful is now: (\S+)\n$/.exec(output)?.[1] ?? '';

    expect(exitCode).toBe(0);
    expect((await person.get('/api/v1/me')).status).toBe(401);
    expect((await person.again(password)).cookie).not.toBe(person.cookie);
  });

  it('should take the password from the standard input when it is asked to', async () => {
    const person = await Person.arrive(server, 'scripted');
    const args = ['user', 'reset-password', 'scripted', '--stdin'];
    const { output } = await operate(args, environment, 'six herons in the rain\n');

    expect(output).toBe('The password of scripted was changed.\n');
    expect((await person.again('six herons in the rain')).cookie).not.toBe('');
    expect(await operate(args, environment, 'scripted123\n')).toMatchObject({
      exitCode: 1,
      errors: 'This password is one of the first that others would try.\n',
    });
  });

  it('should remove the second factor when it is asked to, and not before', async () => {
    const person = await Person.arrive(server, 'phoneless');
    await query(
      server.database.url,
      `insert into totp_factors (id, user_id, secret, created_at, confirmed_at)
       values (gen_random_uuid(), $1, decode(repeat('00', 20), 'hex'), now(), now())`,
      [person.id],
    );
    await query(
      server.database.url,
      `update users set second_factor_required = true where id = $1`,
      [person.id],
    );
    const passwordOf = ({ output }: Outcome) => /: (\S+)\n$/.exec(output)?.[1] ?? '';
    const kept = passwordOf(await reset('phoneless'));
    await expect(person.again(kept)).rejects.toThrow(/401/);
    const removed = passwordOf(await reset('phoneless', '--without-second-factor'));

    expect((await person.again(removed)).cookie).not.toBe('');
  });

  it('should say what else still lets somebody in', async () => {
    const person = await Person.arrive(server, 'scripting');
    await tokenOf(server.url, person, ['files:read']);
    const { output } = await reset('scripting');

    expect(output).toMatch(
      /\nStill let in: API tokens: 1\. They are ended in the web app, under Account\.\n$/,
    );
  });

  it('should say who there is when there is no such user', async () => {
    expect(await reset('nobody')).toMatchObject({
      exitCode: 1,
      output: '',
      errors: expect.stringMatching(/^There is no user “nobody”\. There are: .*keeper/),
    });
  });

  it('should work on the embedded database, while the server runs and while it does not', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-operate-'));
    const embedded = { DATA_DIR: dataDir, DATABASE_URL: '', SERVE_WEB_APP: 'false' };
    const args = ['user', 'reset-password', ADMINISTRATOR.username, '--stdin'];
    try {
      const running = await ServerProcess.start(embedded);
      await operate(args, embedded, 'seven herons in the rain');
      const password = 'seven herons in the rain';
      expect(await signInWith(running.url, { ...ADMINISTRATOR, password })).not.toBe('');
      await running.stop();
      const stopped = await operate(args, embedded, 'eight herons in the rain');
      expect(stopped).toMatchObject({ exitCode: 0, errors: '' });
      expect((await operate(['drive', 'scan'], embedded)).output).toMatch(/not running/);
      const again = await ServerProcess.start(embedded);
      const newest = 'eight herons in the rain';
      expect(await signInWith(again.url, { ...ADMINISTRATOR, password: newest })).not.toBe('');
      expect(await again.stop()).toBe(0);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
