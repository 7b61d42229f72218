import { setTimeout as delay } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';

import type { ReadableFile } from '../../drives';
import { CONFIG, type Config } from '../../platform/config/config';
import type { ScannerAddress } from '../../platform/config/virus-scanner.config';
import { ClamdConnection, type ClamdPatience, within } from './clamd-connection';
import { type Verdict, verdictOf } from './clamd-reply';

/** clamd works at ten files at once, by default, and turns away those for whom its queue is too short. */
const AT_ONCE = 8;
const CHUNK_BYTES = 128 * 1024;
const PATIENCE: ClamdPatience = { silenceMs: 5000, verdictMs: 10 * 60_000 };

/** Sends files to clamd, by INSTREAM. */
@Injectable()
export class ClamdAdapter {
  /** For tests that meet its end. */
  patience = PATIENCE;

  private running = 0;
  private readonly waiting: ((verdict: Verdict | null) => void)[] = [];

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Never throws for what the scanner does; what reading the file throws is thrown. */
  async scan(file: ReadableFile): Promise<Verdict> {
    const { virusScanner } = this.config;
    if (virusScanner === null) throw new Error('There is no scanner.');
    const found = await this.takeTurn();
    if (found !== null) return found;
    try {
      const verdict = await this.send(file, virusScanner.address);
      // Whoever waits would find the same, one after the other.
      if (verdict.kind === 'unavailable') for (const tell of this.waiting.splice(0)) tell(verdict);
      return verdict;
    } finally {
      this.running -= 1;
      this.waiting.shift()?.(null);
    }
  }

  /** @returns what another has found meanwhile, where that holds for all; null when it is this one's turn */
  private async takeTurn(): Promise<Verdict | null> {
    while (this.running >= AT_ONCE) {
      const found = await new Promise<Verdict | null>((resolve) => this.waiting.push(resolve));
      if (found !== null) return found;
    }
    this.running += 1;
    return null;
  }

  private async send(file: ReadableFile, address: ScannerAddress): Promise<Verdict> {
    const connection = new ClamdConnection(address, this.patience.silenceMs);
    try {
      if (await this.sendAll(file, connection))
        return verdictOf(await this.awaitVerdict(connection, address));
      return await this.verdictOfRefusal(connection, address);
    } catch (error) {
      if (error instanceof ReadFailure) throw error.cause;
      return { kind: 'unavailable', cause: error };
    } finally {
      connection.close();
    }
  }

  /** @returns false when clamd answered, or ended the connection, before it had all */
  private async sendAll(file: ReadableFile, connection: ClamdConnection): Promise<boolean> {
    await connection.command('INSTREAM');
    const isRefused = connection.reply.then(
      () => true,
      () => true,
    );
    const isTaken = async (writing: Promise<void>) =>
      !(await Promise.race([isRefused, writing.then(() => false)]));
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = 0; ;) {
      const count = await readInto(file, buffer, position);
      const writing = count === 0 ? connection.end() : connection.chunk(buffer.subarray(0, count));
      // Where the connection has ended, that tells more than the write that failed.
      if (!(await isTaken(writing.catch((error: unknown) => onceEnded(connection, error)))))
        return false;
      if (count === 0) return true;
      position += count;
    }
  }

  /**
   * clamd ends the connection where a file is too large for it. Its answer may be lost then, for it has not read all
   * that it was sent: if it is alive, it is the file that it did not want.
   */
  private async verdictOfRefusal(
    connection: ClamdConnection,
    address: ScannerAddress,
  ): Promise<Verdict> {
    try {
      return verdictOf(await connection.reply);
    } catch {
      await this.ping(address);
      return { kind: 'unscannable', reason: 'the virus scanner did not take all of it' };
    }
  }

  /** While it scans it says nothing: another connection tells whether it is still alive. */
  private async awaitVerdict(
    connection: ClamdConnection,
    address: ScannerAddress,
  ): Promise<string> {
    const { silenceMs, verdictMs } = this.patience;
    const giveUpAt = Date.now() + verdictMs;
    for (;;) {
      const reply = await Promise.race([connection.reply, delay(silenceMs, null, { ref: false })]);
      if (reply !== null) return reply;
      if (Date.now() > giveUpAt) throw new Error('clamd came to no verdict');
      await this.ping(address);
    }
  }

  private async ping(address: ScannerAddress): Promise<void> {
    const { silenceMs } = this.patience;
    const connection = new ClamdConnection(address, silenceMs);
    try {
      await connection.command('PING');
      await within(connection.reply, silenceMs);
    } finally {
      connection.close();
    }
  }
}

/** What was not written because the connection is over is no failure of its own. */
async function onceEnded(connection: ClamdConnection, error: unknown): Promise<void> {
  if (!connection.isOver) throw error;
  await connection.reply.catch(() => undefined);
}

/** It is the drive that failed, not the scanner. */
class ReadFailure extends Error {}

async function readInto(file: ReadableFile, buffer: Buffer, position: number): Promise<number> {
  try {
    return await file.read(buffer, position);
  } catch (error) {
    throw new ReadFailure('The staged file cannot be read.', { cause: error });
  }
}
