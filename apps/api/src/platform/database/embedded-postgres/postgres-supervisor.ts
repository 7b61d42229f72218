import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

import { renameDurably, writeDurably } from '../../filesystem/durable-file.adapter';
import { errorCode } from '../../filesystem/error-code';
import { readOrMakePassword } from './password-file';
import type { PostgresBinaries } from './postgres-binaries';
import { type PostgresIdentity, postgresIdentity } from './postgres-identity';
import { readPidFile } from './running-cluster';
import { isPostgresOf, isRunning } from './running-process';

const ROLE = 'homeserver';
const DATABASE = 'homeserver';
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 60_000;
const LOG_MAXIMUM_BYTES = 10 * 1024 * 1024;
const INVALID_PASSWORD = '28P01';
const RESTART_DELAY_MS = { first: 500, longest: 30_000 };

export interface SupervisorOptions {
  /** Absolute. Holds `postgres` (the cluster), `postgres-password` and `postgres.log`. */
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  /** Is told in words what happens to the server while it is supervised. */
  readonly onEvent: (message: string) => void;
}

/**
 * Keeps one PostgreSQL running on `DATA_DIR/postgres`: makes the cluster, starts it on a free port of
 * the loopback interface, adopts one that a killed HomeServer left behind, starts it again when it
 * dies, stops it at the end.
 */
export class PostgresSupervisor {
  private readonly clusterFolder: string;
  private readonly passwordFile: string;
  private readonly password: string;
  private readonly identity: PostgresIdentity;
  private port = 0;
  private pid: number | null = null;
  private readonly stopping = new AbortController();
  private restartDelayMs = RESTART_DELAY_MS.first;
  private watching: Promise<void> = Promise.resolve();

  private constructor(private readonly options: SupervisorOptions) {
    this.clusterFolder = path.join(options.dataDir, 'postgres');
    this.passwordFile = path.join(options.dataDir, 'postgres-password');
    this.password = readOrMakePassword(this.passwordFile);
    mkdirSync(this.clusterFolder, { recursive: true, mode: 0o700 });
    this.identity = postgresIdentity(this.clusterFolder, options.binaries.folder);
  }

  /** @throws Error when PostgreSQL does not come up; the message names its log. */
  static async start(options: SupervisorOptions): Promise<PostgresSupervisor> {
    const supervisor = new PostgresSupervisor(options);
    try {
      await supervisor.makeCluster();
      if (!(await supervisor.adopt())) {
        supervisor.port = await freePort();
        await supervisor.launch();
      }
      await supervisor.makeDatabase();
      return supervisor;
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  /**
   * Where the database is that another process keeps running on a DATA_DIR; null when none does. Contains
   * the password.
   */
  static urlOfRunning(options: SupervisorOptions): string | null {
    const supervisor = new PostgresSupervisor(options);
    const found = readPidFile(supervisor.clusterFolder);
    if (found === null || !isPostgresOf(found.pid, supervisor.clusterFolder)) return null;
    supervisor.port = found.port;
    return supervisor.url;
  }

  /** Where the database is. Contains the password. */
  get url(): string {
    return this.urlOf(DATABASE);
  }

  /** null when it never came up. */
  get processId(): number | null {
    return this.pid;
  }

  /** Stops the server after it has ended its sessions ("fast shutdown"). */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { pid } = this;
    if (pid !== null && isRunning(pid)) {
      process.kill(pid, 'SIGINT');
      if (!(await isGoneWithin(pid, STOP_WITHIN_MS))) process.kill(pid, 'SIGQUIT');
    }
    await this.watching;
  }

  private urlOf(database: string): string {
    // Its own server speaks no TLS, whatever PGSSLMODE in the environment wants of others.
    return `postgres://${ROLE}:${this.password}@127.0.0.1:${this.port}/${database}?sslmode=disable`;
  }

  /** Makes the cluster beside its place and moves it there, so that a half-made one is never used. */
  private async makeCluster(): Promise<void> {
    this.removeHalfMadeClusters();
    if (existsSync(path.join(this.clusterFolder, 'PG_VERSION'))) return;
    // A name of its own: the initdb of a start that was killed may still be at work in another.
    const made = `${this.clusterFolder}.new-${randomBytes(6).toString('hex')}`;
    mkdirSync(made, { mode: 0o700 });
    this.give(made);
    const passwordFile = path.join(this.options.dataDir, 'initial-password');
    writeDurably(passwordFile, this.password);
    this.give(passwordFile);
    const locale =
      this.options.binaries.majorVersion >= 17
        ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8']
        : ['--locale=C.UTF-8'];
    const initdb = this.spawn(
      'initdb',
      [
        '-D',
        made,
        '-U',
        ROLE,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        ...locale,
        '--no-instructions',
      ],
      ['ignore', 'pipe', 'pipe'],
    );
    let output = '';
    initdb.stdout?.on('data', (chunk: Buffer) => (output += String(chunk)));
    initdb.stderr?.on('data', (chunk: Buffer) => (output += String(chunk)));
    await once(initdb, 'close');
    rmSync(passwordFile);
    if (initdb.exitCode !== 0)
      throw new Error(`PostgreSQL could not make its cluster: ${output.trim()}`);
    renameDurably(made, this.clusterFolder);
  }

  private removeHalfMadeClusters(): void {
    const { dataDir } = this.options;
    for (const name of readdirSync(dataDir)) {
      if (!name.startsWith('postgres.new')) continue;
      try {
        rmSync(path.join(dataDir, name), { recursive: true, force: true });
      } catch (error) {
        // Its initdb is at work yet: the next start finds what it leaves.
        if (errorCode(error) !== 'ENOTEMPTY') throw error;
      }
    }
  }

  /** Gives a file of ours to the user that PostgreSQL runs as, where that is another one. */
  private give(file: string): void {
    const { uid, gid } = this.identity;
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
  }

  /** Takes over a server that already runs on our cluster. */
  private async adopt(): Promise<boolean> {
    const found = readPidFile(this.clusterFolder);
    if (found === null) return false;
    if (!isRunning(found.pid)) return false;
    if (!isPostgresOf(found.pid, this.clusterFolder)) {
      // The id was given to another program after a crash; PostgreSQL would refuse to start over it.
      rmSync(path.join(this.clusterFolder, 'postmaster.pid'), { force: true });
      return false;
    }
    this.port = found.port;
    await this.waitUntilReady(() => !isRunning(found.pid));
    if (!isRunning(found.pid)) return false;
    this.pid = found.pid;
    this.options.onEvent(`PostgreSQL is adopted (process ${found.pid}).`);
    this.watching = this.watchAdopted(found.pid);
    return true;
  }

  private async launch(): Promise<void> {
    const logFile = path.join(this.options.dataDir, 'postgres.log');
    const isLogLarge = existsSync(logFile) && statSync(logFile).size > LOG_MAXIMUM_BYTES;
    const log = openSync(logFile, isLogLarge ? 'w' : 'a', 0o600);
    const server = this.spawn(
      'postgres',
      [
        ...['-D', this.clusterFolder, '-p', String(this.port)],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
        ...['-c', 'shared_buffers=64MB'],
      ],
      ['ignore', log, log],
    );
    closeSync(log);
    this.pid = server.pid ?? null;
    let hasEnded = false;
    const ended = new Promise<void>((resolve) => {
      const end = () => {
        hasEnded = true;
        resolve();
      };
      server.once('exit', end);
      server.once('error', end); // it could not be started at all
    });
    await this.waitUntilReady(() => hasEnded);
    if (hasEnded) throw new Error(`PostgreSQL did not start; its log is ${logFile}.`);
    this.restartDelayMs = RESTART_DELAY_MS.first;
    this.watching = ended.then(() => this.startAgain());
  }

  private spawn(
    program: string,
    args: readonly string[],
    stdio: ['ignore', 'pipe' | number, 'pipe' | number],
  ): ChildProcess {
    const { prefix, uid, gid } = this.identity;
    const [command = '', ...rest] = [
      ...prefix,
      path.join(this.options.binaries.folder, program),
      ...args,
    ];
    const user = uid === undefined ? {} : { uid, gid };
    // How our own process is to keep its memory is not for PostgreSQL's.
    const { MALLOC_ARENA_MAX: _heaps, MALLOC_TRIM_THRESHOLD_: _kept, ...environment } = process.env;
    // A session of its own: Ctrl-C at the terminal is for us, we stop the server when we are done.
    return spawn(command, rest, {
      stdio,
      detached: true,
      env: { ...environment, LC_ALL: 'C' },
      ...user,
    });
  }

  private async waitUntilReady(isLost: () => boolean): Promise<void> {
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!isLost()) {
      const answer = await this.ask();
      if (answer === 'ours') return;
      if (answer === 'foreign') throw new Error('Another PostgreSQL answers where ours should be.');
      if (answer === 'refused') {
        throw new Error(`PostgreSQL refuses the password in ${this.passwordFile}.`);
      }
      if (Date.now() > giveUpAt) throw new Error('PostgreSQL does not answer.');
      await delay(30);
    }
  }

  private async ask(): Promise<'ours' | 'foreign' | 'refused' | 'silent'> {
    const client = new Client({
      connectionString: this.urlOf('postgres'),
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => undefined); // a server that goes away is seen by the query below
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      const folder = rows[0]?.data_directory ?? '';
      return realpathSync(folder) === realpathSync(this.clusterFolder) ? 'ours' : 'foreign';
    } catch (error) {
      // Anything else: it does not listen yet, starts up, or shuts down.
      return errorCode(error) === INVALID_PASSWORD ? 'refused' : 'silent';
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async makeDatabase(): Promise<void> {
    const client = new Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    try {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [
        DATABASE,
      ]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    } finally {
      await client.end();
    }
  }

  private async watchAdopted(pid: number): Promise<void> {
    while (isRunning(pid)) await delay(500, undefined, { ref: false });
    return this.startAgain();
  }

  /** The server has ended. Starts another on the same port, so that the pool finds it, unless we meant it. */
  private async startAgain(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.options.onEvent(
        `PostgreSQL has ended and is started again; its log is in ${this.options.dataDir}.`,
      );
      try {
        await delay(this.restartDelayMs, undefined, { signal });
        this.restartDelayMs = Math.min(this.restartDelayMs * 2, RESTART_DELAY_MS.longest);
        return await this.launch();
      } catch (error) {
        if (signal.aborted) return;
        this.options.onEvent(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + limitMs;
  while (isRunning(pid)) {
    if (Date.now() > giveUpAt) return false;
    await delay(20);
  }
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}
