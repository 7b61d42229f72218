import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { UploadBusyError, UploadCutOffError } from './uploads.errors';

/** A client from which nothing came for so long has a dead line: another call of it may take over. */
const IDLE_MS = 2000;
/** What is synced, or becomes a file, at this moment is waited for so long. */
const PATIENCE_MS = 8000;

/** How a second caller comes in. */
export type Insistence =
  /** Where nothing comes from the first one any more. */
  | 'patient'
  /** At once: the first one is interrupted. */
  | 'insistent';

/** What is being written of an upload. */
interface Writing {
  /** For how long nothing has come, in milliseconds. */
  readonly idleMs: number;
  destroy(reason: Error): unknown;
}

/** The right of one request of this process to work on an upload. */
export class UploadHold {
  private writer: Writing | null = null;
  private isEnding = false;
  private ended: () => void = () => undefined;
  readonly over = new Promise<void>((resolve) => (this.ended = resolve));

  /** From now on it writes what its client sends; before and after, it does what takes no longer than the disk. */
  writeBy(writer: Writing): void {
    this.writer = writer;
    if (this.isEnding) writer.destroy(new UploadCutOffError());
  }

  wrote(): void {
    this.writer = null;
  }

  /** @returns whether it is over soon */
  interrupt(insistence: Insistence): boolean {
    const { writer } = this;
    if (this.isEnding) return true;
    if (insistence === 'patient') {
      if (writer === null) return true;
      if (writer.idleMs < IDLE_MS) return false;
    }
    this.isEnding = true;
    writer?.destroy(new UploadCutOffError());
    return true;
  }

  end(): void {
    this.ended();
  }
}

/** One request at a time works on an upload, of those that this process has. Between processes there is the lease. */
@Injectable()
export class UploadLocks {
  private readonly holds = new Map<string, UploadHold>();

  /**
   * Does the work as the only one.
   * @throws UploadBusyError (423) at once when another one is at it whose client still sends, or soon when it does
   * not come to its end
   */
  async hold<Result>(
    id: string,
    insistence: Insistence,
    work: (hold: UploadHold) => Promise<Result>,
  ): Promise<Result> {
    // Of many who have waited for the same one, one goes on.
    do {
      if (!(await this.settle(id, insistence))) throw new UploadBusyError();
    } while (this.holds.has(id));
    const hold = new UploadHold();
    this.holds.set(id, hold);
    try {
      return await work(hold);
    } finally {
      this.holds.delete(id);
      hold.end();
    }
  }

  /**
   * Waits for who is at work on an upload, unless that is a client that still sends.
   * @returns whether nobody is at it any more
   */
  async settle(id: string, insistence: Insistence): Promise<boolean> {
    const giveUp = new AbortController();
    const patience = delay(PATIENCE_MS, 'late', { signal: giveUp.signal, ref: false });
    patience.catch(() => undefined); // it is not waited for any more
    try {
      for (let hold = this.holds.get(id); hold !== undefined; hold = this.holds.get(id)) {
        if (!hold.interrupt(insistence)) return false;
        if ((await Promise.race([hold.over, patience])) === 'late') return false;
      }
      return true;
    } finally {
      giveUp.abort();
    }
  }

  /** Ends what is being written; what had come is kept. */
  async interruptAll(): Promise<void> {
    await Promise.all([...this.holds.keys()].map((id) => this.settle(id, 'insistent')));
  }
}
