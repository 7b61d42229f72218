import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import * as z from 'zod';

import { errorCode } from '../filesystem/error-code';
import { isRunning, startTimeOf } from './embedded-postgres/running-process';
import { LivenessSocket } from './liveness-socket';

const holderSchema = z.object({
  pid: z.int(),
  /** Within which process ids mean the same: another container has others. */
  pidNamespace: z.string(),
  startTime: z.string().nullable(),
  since: z.string(),
  address: z.string(),
  /** The name of its liveness socket in the same folder; null where there can be none. */
  socket: z.string().nullable(),
});
type Holder = z.infer<typeof holderSchema>;

/** Another HomeServer works on the same DATA_DIR. The message says who. */
export class DataDirInUseError extends Error {}

/**
 * Sees to it that one HomeServer at a time works on a DATA_DIR. The lock is the file
 * `homeserver.lock`, which names its holder; it is void when that process is gone, so a killed server
 * leaves no obstacle. Servers in several containers of one machine see each other by a socket.
 */
export class DataDirLock {
  private constructor(
    private readonly file: string,
    private readonly content: string,
    private readonly socket: LivenessSocket | null,
  ) {}

  /**
   * Makes the folder where it is missing, and takes the lock.
   * @throws DataDirInUseError when another process holds it; nothing was changed then
   */
  static async acquire(dataDir: string, address: string): Promise<DataDirLock> {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const socket = await LivenessSocket.open(dataDir);
    const own: Holder = {
      pid: process.pid,
      pidNamespace: pidNamespace(),
      startTime: startTimeOf(process.pid),
      since: new Date().toISOString(),
      address,
      socket: socket?.name ?? null,
    };
    const file = path.join(dataDir, 'homeserver.lock');
    const lock = new DataDirLock(file, JSON.stringify(own), socket);
    try {
      while (!lock.tryToTake()) await lock.makeWay(dataDir);
      return lock;
    } catch (error) {
      socket?.close();
      throw error;
    }
  }

  release(): void {
    if (this.read() === this.content) rmSync(this.file, { force: true });
    this.socket?.close();
  }

  /** Removes the lock in our way where it is void. @throws DataDirInUseError where it is not */
  private async makeWay(dataDir: string): Promise<void> {
    const content = this.read();
    if (content === null) return;
    const holder = parseHolder(content);
    if (holder !== null && (await isAlive(holder, dataDir))) {
      throw new DataDirInUseError(
        `${dataDir} is in use by the HomeServer at ${holder.address} (process ${holder.pid}, since ${holder.since}). Stop that one first, or set DATA_DIR to another folder.`,
      );
    }
    this.removeVoid(content);
    if (typeof holder?.socket === 'string')
      rmSync(path.join(dataDir, path.basename(holder.socket)), { force: true });
  }

  /** A link is made whole or not at all, so no reader ever sees half a holder. */
  private tryToTake(): boolean {
    const own = this.besideIt();
    writeFileSync(own, this.content, { mode: 0o600 });
    try {
      linkSync(own, this.file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(own, { force: true });
    }
  }

  private read(): string | null {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  /** A name that no other process uses, also none of the same id in another container. */
  private besideIt(): string {
    return `${this.file}.${randomBytes(6).toString('hex')}`;
  }

  /** Removes a void lock, and puts back what another process may have placed there in the meantime. */
  private removeVoid(content: string): void {
    const aside = this.besideIt();
    try {
      renameSync(this.file, aside);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return; // another process was quicker
      throw error;
    }
    if (readFileSync(aside, 'utf8') !== content) linkSync(aside, this.file);
    rmSync(aside);
  }
}

function parseHolder(content: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(content));
  } catch {
    return null; // not written by us, or by a power cut: holds nothing
  }
}

async function isAlive(holder: Holder, dataDir: string): Promise<boolean> {
  const { socket, pid, startTime } = holder;
  if (socket !== null && (await LivenessSocket.isAnswered(dataDir, path.basename(socket))))
    return true;
  return holder.pidNamespace === pidNamespace() && isRunning(pid) && startTimeOf(pid) === startTime;
}

/** Such as `pid:[4026531836]`; empty on systems that have one only. */
function pidNamespace(): string {
  return process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
}
