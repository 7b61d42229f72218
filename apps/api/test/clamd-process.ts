import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { eventually } from './eventually';

/** The text that every scanner takes for a virus, and that is none; in two halves, for scanners that look at sources. */
export const EICAR = [
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR',
  '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('');
/** The name under which it is found. */
export const EICAR_SIGNATURE = 'Test.Eicar.UNOFFICIAL';

/** Debian's clamd, with a database that knows nothing but the EICAR test string. */
export class ClamdProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly socketPath: string,
  ) {}

  /** @param settings lines of clamd.conf */
  static async start(settings: readonly string[] = []): Promise<ClamdProcess> {
    const folder = await mkdtemp(path.join(tmpdir(), 'homeserver-clamd-'));
    const socketPath = path.join(folder, 'clamd.sock');
    await mkdir(path.join(folder, 'signatures'));
    await writeFile(
      path.join(folder, 'signatures', 'eicar.ndb'),
      `Test.Eicar:0:*:${Buffer.from(EICAR).toString('hex')}\n`,
    );
    const lines = [
      `DatabaseDirectory ${path.join(folder, 'signatures')}`,
      `LocalSocket ${socketPath}`,
      `TemporaryDirectory ${folder}`,
      'Foreground yes',
      'ExitOnOOM yes',
      ...settings,
    ];
    await writeFile(path.join(folder, 'clamd.conf'), `${lines.join('\n')}\n`);
    const child = spawn('clamd', [`--config-file=${path.join(folder, 'clamd.conf')}`], {
      stdio: 'ignore',
    });
    const clamd = new ClamdProcess(child, folder, socketPath);
    await eventually(() => clamd.reach());
    return clamd;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exited;
    }
    await rm(this.folder, { recursive: true });
  }

  private async reach(): Promise<void> {
    if (this.child.exitCode !== null) throw new Error(`clamd ended with ${this.child.exitCode}`);
    const socket = connect(this.socketPath);
    try {
      await once(socket, 'connect');
    } finally {
      socket.destroy();
    }
  }
}
