import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { eventually } from '../../../../test/eventually';
import { ServerProcess } from '../../../../test/server-process';
import { embeddedPostgresBinaries } from './postgres-binaries';
import { PostgresSupervisor } from './postgres-supervisor';
import { isRunning } from './running-process';

describe('PostgresSupervisor', () => {
  /** A DATA_DIR whose cluster is made, and stopped: making one takes longest. */
  let made: string;
  let parent: string;
  let dataDir: string;
  let events: string[];
  let started: PostgresSupervisor[];

  beforeAll(async () => {
    made = mkdtempSync(path.join(tmpdir(), 'homeserver-postgres-'));
    const binaries = await embeddedPostgresBinaries();
    const supervisor = await PostgresSupervisor.start({
      dataDir: made,
      binaries,
      onEvent: () => undefined,
    });
    await supervisor.stop();
  });

  afterAll(() => {
    rmSync(made, { recursive: true });
  });

  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'homeserver-postgres-'));
    // As people name their folders.
    dataDir = path.join(parent, 'Müllers Daten');
    mkdirSync(dataDir, { mode: 0o711 });
    events = [];
    started = [];
  });

  afterEach(async () => {
    for (const supervisor of started) await supervisor.stop();
    rmSync(parent, { recursive: true, force: true });
  });

  /** Gives the test a cluster that was used before. */
  function useMadeCluster(): void {
    cpSync(made, dataDir, { recursive: true });
    chmodSync(path.join(dataDir, 'postgres'), 0o700);
  }

  async function start(): Promise<PostgresSupervisor> {
    const binaries = await embeddedPostgresBinaries();
    const supervisor = await PostgresSupervisor.start({
      dataDir,
      binaries,
      onEvent: (event) => events.push(event),
    });
    started.push(supervisor);
    return supervisor;
  }

  async function ask(url: string, statement: string): Promise<string> {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<{ answer: string }>(statement);
      return rows[0]?.answer ?? '';
    } finally {
      await client.end();
    }
  }

  function runningPid({ processId }: PostgresSupervisor): number {
    if (processId === null) throw new Error('It never came up.');
    return processId;
  }

  const pidOf = (cluster: string) =>
    Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);

  /** As PostgreSQL leaves it when the machine goes down. */
  function leavePidFile(pid: number, port: number): void {
    const cluster = path.join(dataDir, 'postgres');
    const lines = [pid, cluster, 1_790_000_000, port, '', '127.0.0.1', '', 'ready'];
    writeFileSync(path.join(cluster, 'postmaster.pid'), lines.join('\n'));
  }

  const modeOf = (name: string) => statSync(path.join(dataDir, name)).mode & 0o777;

  it('should make a private cluster with a password, for the loopback interface alone, when there is none', async () => {
    const { url } = await start();

    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await ask(url, 'select current_database() as answer')).toBe('homeserver');
    expect(await ask(url, "select current_setting('listen_addresses') as answer")).toBe(
      '127.0.0.1',
    );
    expect(await ask(url, "select current_setting('unix_socket_directories') as answer")).toBe('');
    expect(
      await ask(
        url,
        "select pg_encoding_to_char(encoding) || ' ' || datcollate as answer from pg_database where datname = current_database()",
      ),
    ).toMatch(/^UTF8 C/);
    expect(modeOf('postgres')).toBe(0o700);
    expect(modeOf('postgres-password')).toBe(0o600);
    expect(modeOf('postgres.log')).toBe(0o600);
    expect(readFileSync(path.join(dataDir, 'postgres-password'), 'utf8')).toMatch(/^[\w-]{32}$/);
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  });

  it('should let nobody in without the password', async () => {
    useMadeCluster();
    const url = new URL((await start()).url);
    url.password = 'guessed';

    await expect(ask(url.href, 'select 1 as answer')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('should be reached as ever when the environment asks for TLS, which is meant for other servers', async () => {
    useMadeCluster();
    process.env['PGSSLMODE'] = 'require';
    try {
      expect(await ask((await start()).url, "select 'answered' as answer")).toBe('answered');
    } finally {
      delete process.env['PGSSLMODE'];
    }
  });

  it('should keep everything when it is stopped and started again', async () => {
    useMadeCluster();
    const first = await start();
    await ask(first.url, 'create table kept (id int)');
    const password = readFileSync(path.join(dataDir, 'postgres-password'), 'utf8');
    const pid = runningPid(first);
    await first.stop();

    expect(isRunning(pid)).toBe(false);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    const second = await start();
    expect(await ask(second.url, 'select count(*) as answer from kept')).toBe('0');
    expect(readFileSync(path.join(dataDir, 'postgres-password'), 'utf8')).toBe(password);
    expect(events).toEqual([]);
  });

  it('should adopt the server that a killed HomeServer left behind', async () => {
    useMadeCluster();
    const server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });
    const pid = pidOf(path.join(dataDir, 'postgres'));
    await server.kill();
    expect(isRunning(pid)).toBe(true);

    const supervisor = await start();
    expect(supervisor.processId).toBe(pid);
    expect(
      await ask(supervisor.url, 'select count(*) as answer from drives where is_default'),
    ).toBe('1');
    expect(events).toEqual([expect.stringContaining(`adopted (process ${pid})`)]);
    await supervisor.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it('should start it again, where the pool looks for it, when it was killed', async () => {
    useMadeCluster();
    const supervisor = await start();
    const { url } = supervisor;
    const killed = runningPid(supervisor);
    process.kill(killed, 'SIGKILL');

    await eventually(async () => expect(await ask(url, "select 'back' as answer")).toBe('back'));
    expect(supervisor.processId).not.toBe(killed);
    expect(events[0]).toContain('started again');
  });

  it('should start it again when it was adopted and killed then', async () => {
    useMadeCluster();
    const server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });
    await server.kill();
    const supervisor = await start();
    process.kill(runningPid(supervisor), 'SIGKILL');

    await eventually(async () =>
      expect(await ask(supervisor.url, "select 'back' as answer")).toBe('back'),
    );
  });

  it('should start over a pid file whose process is gone, or is something else', async () => {
    useMadeCluster();
    for (const pid of [process.pid, 2 ** 22 + 1]) {
      leavePidFile(pid, 18_432);
      const supervisor = await start();
      expect(await ask(supervisor.url, "select 'ready' as answer")).toBe('ready');
      await supervisor.stop();
    }
  });

  it('should leave alone another PostgreSQL that was given the process id of ours', async () => {
    useMadeCluster();
    const foreignUrl = process.env['TEST_TEMPLATE_URL'] ?? '';
    const foreignFolder = await ask(
      foreignUrl,
      "select current_setting('data_directory') as answer",
    );
    const foreignPid = pidOf(foreignFolder);
    leavePidFile(foreignPid, Number(new URL(foreignUrl).port));

    const supervisor = await start();
    expect(supervisor.processId).not.toBe(foreignPid);
    expect(await ask(supervisor.url, "select current_setting('data_directory') as answer")).toBe(
      path.join(dataDir, 'postgres'),
    );
    await supervisor.stop();
    expect(await ask(foreignUrl, "select 'untouched' as answer")).toBe('untouched');
  });

  it('should stop at once when it is told to while it waits to start it again', async () => {
    useMadeCluster();
    const supervisor = await start();
    process.kill(runningPid(supervisor), 'SIGKILL');
    await eventually(() => expect(events[0]).toContain('started again'));
    await supervisor.stop();

    expect(isRunning(runningPid(supervisor))).toBe(false);
  });

  it('should begin anew when making the cluster was broken off', async () => {
    mkdirSync(path.join(dataDir, 'postgres.new-1f', 'base'), { recursive: true });
    writeFileSync(path.join(dataDir, 'postgres.new-1f', 'PG_VERSION'), '18\n');
    writeFileSync(path.join(dataDir, 'initial-password'), 'half');

    expect(await ask((await start()).url, "select 'ready' as answer")).toBe('ready');
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  });

  it('should say whose password it is, and leave nothing running, when the database refuses it', async () => {
    useMadeCluster();
    writeFileSync(path.join(dataDir, 'postgres-password'), 'another', { mode: 0o600 });

    await expect(start()).rejects.toThrow(/refuses the password in .*postgres-password/);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('should name the log, and leave nothing running, when it does not come up', async () => {
    useMadeCluster();
    rmSync(path.join(dataDir, 'postgres', 'global'), { recursive: true });

    await expect(start()).rejects.toThrow(`its log is ${path.join(dataDir, 'postgres.log')}`);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('should change nothing of a file that is in the way of the cluster', async () => {
    writeFileSync(path.join(dataDir, 'postgres'), 'something of mine');

    await expect(start()).rejects.toThrow();
    expect(readFileSync(path.join(dataDir, 'postgres'), 'utf8')).toBe('something of mine');
  });
});
