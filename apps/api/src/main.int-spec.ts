import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { describeNeeding } from '../test/capabilities';
import { createTestDatabase, type TestDatabase } from '../test/test-database';
import { eventually } from '../test/eventually';
import { ServerProcess } from '../test/server-process';
import { isRunning } from './platform/database/embedded-postgres/running-process';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const main = path.join(root, 'dist', 'apps', 'api', 'main.mjs');
const lockSchema = z.object({ pid: z.int() });

/** How a start ended that never came to be ready. */
interface FailedStart {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the server as a process', () => {
  let dataDir: string;
  let database: TestDatabase;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'homeserver-main-'));
    database = await createTestDatabase();
  });

  afterEach(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  /** On a database of the tests, which is quicker than one of its own. */
  const quick = (changes: NodeJS.ProcessEnv = {}) => ({
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    ...changes,
  });

  async function failToStart(environment: NodeJS.ProcessEnv): Promise<FailedStart> {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, PORT: '0', HOST: '127.0.0.1', NODE_OPTIONS: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  }

  async function listenSomewhere(): Promise<{ port: number; close(): void }> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port was given.');
    return { port: address.port, close: () => server.close() };
  }

  async function closedPort(): Promise<number> {
    const { port, close } = await listenSomewhere();
    close();
    return port;
  }

  const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'should stop cleanly, with exit code 0, when it gets %s',
    async (signal) => {
      const server = await ServerProcess.start(quick());

      expect(await server.stop(signal)).toBe(0);
      expect(readdirSync(dataDir)).not.toContain('homeserver.lock');
    },
  );

  it('should stop its PostgreSQL too, and let no one else read what is private, when it has its own', async () => {
    const server = await ServerProcess.start(quick({ DATABASE_URL: '' }));
    const pid = Number(
      readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    expect(isRunning(pid)).toBe(true);
    const modes = ['files', 'postgres', 'postgres-password'].map(
      (name) => statSync(path.join(dataDir, name)).mode & 0o777,
    );

    expect(modes).toEqual([0o755, 0o700, 0o600]);
    expect(await server.stop()).toBe(0);
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('should refuse a DATA_DIR that another one works on, and say which', async () => {
    const first = await ServerProcess.start(quick());
    const before = readdirSync(dataDir);
    const second = await failToStart(quick());

    expect(second.code).toBe(1);
    expect(linesOf(second.stderr)).toEqual([
      expect.stringMatching(/is in use by the HomeServer at http:\/\/.* \(process \d+, since /),
    ]);
    expect(second.stderr).toContain(
      `(process ${lockSchema.parse(JSON.parse(readFileSync(path.join(dataDir, 'homeserver.lock'), 'utf8'))).pid},`,
    );
    expect(readdirSync(dataDir)).toEqual(before);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    await first.stop();
  });

  it('should start on a DATA_DIR that a killed one has left', async () => {
    const first = await ServerProcess.start(quick());
    await first.kill();
    expect(readdirSync(dataDir)).toContain('homeserver.lock');
    const second = await ServerProcess.start(quick());

    expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
    await second.stop();
  });

  it('should say in one line what is wrong, and make nothing, when a variable is wrong', async () => {
    const { code, stdout, stderr } = await failToStart({
      DATA_DIR: path.join(dataDir, 'new'),
      METRICS_INTERVAL_MS: 'often',
    });

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'METRICS_INTERVAL_MS is “often”; it takes: milliseconds, 250 to 3600000.\n',
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('should say in one line that the port is taken', async () => {
    const { port, close } = await listenSomewhere();
    const { code, stderr } = await failToStart(quick({ PORT: String(port) }));
    close();

    expect(code).toBe(1);
    expect(linesOf(stderr)).toEqual([
      `Port ${port} is in use by another program. Set PORT to a free one.`,
    ]);
    expect(readdirSync(dataDir)).not.toContain('homeserver.lock');
  });

  it('should say in one line, without the password, that the database refuses us', async () => {
    const url = new URL(database.url);
    url.password = 'hunter2';
    const { code, stderr } = await failToStart(quick({ DATABASE_URL: url.href }));

    expect(code).toBe(1);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/^The database of DATABASE_URL refuses us: /),
    ]);
    expect(stderr).not.toContain('hunter2');
  });

  it('should stop cleanly while it waits for a database that is not up yet', async () => {
    const url = new URL(database.url);
    url.port = String(await closedPort());
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...quick({ DATABASE_URL: url.href }), PORT: '0', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    await eventually(() => expect(output).toContain('cannot be reached yet'));
    child.kill('SIGTERM');
    await once(child, 'exit');

    expect(child.exitCode).toBe(0);
    expect(readdirSync(dataDir)).not.toContain('homeserver.lock');
  });

  it('should leave nothing running when it is stopped before it is ready', async () => {
    const pidFile = path.join(dataDir, 'postgres', 'postmaster.pid');
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...quick({ DATABASE_URL: '' }), PORT: '0', NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const pid = await eventually(() => {
      const found = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      // PostgreSQL makes the file before it writes to it, and 0 stands for our own group.
      expect(found).toBeGreaterThan(0);
      return found;
    });
    child.kill('SIGINT');
    await once(child, 'exit');

    expect(child.exitCode).toBe(0);
    expect(isRunning(pid)).toBe(false);
    expect(readdirSync(dataDir)).not.toContain('homeserver.lock');
  });

  describeNeeding('mount', 'as a normal user', () => {
    const NOBODY = 65534;
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'homeserver-user-'));
      chmodSync(folder, 0o755);
    });

    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    it('should run with files of its own, and stop cleanly', async () => {
      const userDataDir = path.join(folder, 'data');
      mkdirSync(userDataDir, { mode: 0o711 });
      chownSync(userDataDir, NOBODY, NOBODY);
      const child = spawnAsUser(NOBODY, path.join(folder, 'workspace'), { DATA_DIR: userDataDir });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      await eventually(() => expect(output).toContain('is ready at'));
      const owners = readdirSync(userDataDir).map(
        (name) => statSync(path.join(userDataDir, name)).uid,
      );

      expect(new Set(owners)).toEqual(new Set([NOBODY]));
      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(child.exitCode).toBe(0);
    });

    /**
     * The workspace may lie where only root may pass: the server sees it at another place, in a mount
     * namespace that ends with it, and cannot write there.
     */
    function spawnAsUser(user: number, place: string, environment: NodeJS.ProcessEnv) {
      mkdirSync(place);
      const seen = (file: string) => file.replace(root, place);
      const script = `mount -o bind,ro "$1" "$2" && exec setpriv --reuid=${user} --regid=${user} --clear-groups "$3" "$4"`;
      return spawn(
        'unshare',
        ['--mount', 'sh', '-c', script, 'sh', root, place, seen(process.execPath), seen(main)],
        {
          env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', ...environment },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
    }
  });

  it('should stop by itself when the launcher that started it is killed', async () => {
    const processes = path.join(root, 'tools', 'launcher', 'processes.mjs');
    const program = `
      const { runInForeground } = await import(${JSON.stringify(processes)});
      process.exitCode = await runInForeground(process.execPath, [${JSON.stringify(main)}], { env: process.env });`;
    const launcher = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, ...quick(), PORT: '0', HOST: '127.0.0.1', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lock = path.join(dataDir, 'homeserver.lock');
    let output = '';
    launcher.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    await eventually(() => expect(output).toContain('is ready at'));
    const { pid } = lockSchema.parse(JSON.parse(readFileSync(lock, 'utf8')));
    launcher.kill('SIGKILL');

    await eventually(() => expect(isRunning(pid)).toBe(false));
    expect(existsSync(lock)).toBe(false);
  });
});
