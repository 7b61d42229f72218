import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ADMINISTRATOR } from './test-app';

const MAIN = path.resolve(import.meta.dirname, '..', '..', '..', 'dist', 'apps', 'api', 'main.mjs');
const READY = /is ready at (http:\/\/\S+)/;

/** The built server as a process of its own, as a person runs it. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @throws Error with what the server said when it ends instead of getting ready */
  static async start(environment: NodeJS.ProcessEnv): Promise<ServerProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        PORT: '0',
        HOST: '127.0.0.1',
        NODE_OPTIONS: '',
        ADMIN_USERNAME: ADMINISTRATOR.username,
        ADMIN_PASSWORD: ADMINISTRATOR.password,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const match = READY.exec(output);
        if (match?.[1] !== undefined) resolve(match[1]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
    });
    return new ServerProcess(child, url);
  }

  /** Ends it as a power cut would, as far as the process is concerned. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The processes of the PostgreSQL that it has started. */
  databasePids(): number[] {
    return descendantsOf(this.pid);
  }

  /** Ends it together with the PostgreSQL that it has started, and all of its processes. */
  async killAll(): Promise<void> {
    const all = this.databasePids();
    await this.kill();
    for (const pid of all) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended with the one that it was waiting for.
      }
    }
    while (all.some(isRunning)) await delay(20);
  }

  /** Stops it as a person would. Resolves to its exit code. */
  async stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' = 'SIGTERM'): Promise<number | null> {
    return this.end(signal);
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

/** The processes that a process has started, and those that they have. */
function descendantsOf(parent: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(name)?.parent === parent)
    .map(Number);
  return children.flatMap((pid) => [pid, ...descendantsOf(pid)]);
}

function isRunning(pid: number): boolean {
  const stat = statOf(String(pid));
  return stat !== null && stat.state !== 'Z';
}

function statOf(pid: string): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold blanks.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null; // ended meanwhile
  }
}
