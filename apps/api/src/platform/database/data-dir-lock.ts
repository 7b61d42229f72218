import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import * as z from 'zod';

import { errorCode } from '../filesystem/error-code';
import { isRunning, startTimeOf } from './embedded-postgres/running-process';

const holderSchema = z.object({
  pid: z.int(),
  startTime: z.string().nullable(),
  since: z.string(),
  address: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Another HomeServer works on the same DATA_DIR. The message says who. */
export class DataDirInUseError extends Error {}

/**
 * Sees to it that one HomeServer at a time works on a DATA_DIR. The lock is the file
 * `homeserver.lock`, which names its holder; it is void when that process is gone, so a killed server
 * leaves no obstacle.
 */
export class DataDirLock {
  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {}

  /**
   * Makes the folder where it is missing, and takes the lock.
   * @throws DataDirInUseError when another process holds it; nothing was changed then
   */
  static acquire(dataDir: string, address: string): DataDirLock {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const file = path.join(dataDir, 'homeserver.lock');
    const own: Holder = {
      pid: process.pid,
      startTime: startTimeOf(process.pid),
      since: new Date().toISOString(),
      address,
    };
    const lock = new DataDirLock(file, JSON.stringify(own));
    while (!lock.tryToTake()) {
      const content = lock.read();
      if (content === null) continue;
      const holder = parseHolder(content);
      if (holder !== null && isAlive(holder)) {
        throw new DataDirInUseError(
          `${dataDir} is in use by the HomeServer at ${holder.address} (process ${holder.pid}, since ${holder.since}). Stop that one first, or set DATA_DIR to another folder.`,
        );
      }
      lock.removeVoid(content);
    }
    return lock;
  }

  release(): void {
    if (this.read() === this.content) rmSync(this.file, { force: true });
  }

  /** A link is made whole or not at all, so no reader ever sees half a holder. */
  private tryToTake(): boolean {
    const own = `${this.file}.${process.pid}`;
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

  /** Removes a void lock, and puts back what another process may have placed there in the meantime. */
  private removeVoid(content: string): void {
    const aside = `${this.file}.void-${process.pid}`;
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

function isAlive(holder: Holder): boolean {
  return isRunning(holder.pid) && startTimeOf(holder.pid) === holder.startTime;
}
