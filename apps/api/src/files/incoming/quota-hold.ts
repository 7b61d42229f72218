import { Transform } from 'node:stream';

import type { EntityManager } from 'typeorm';

import type { Alongside } from '../entries/entry-writes.service';

/** Of bytes whose number nobody knows, so much more room is kept each time that what was kept is used up. */
const AHEAD_BYTES = 4 * 1024 * 1024;

interface HoldSteps {
  /** @throws QuotaExceededError */
  hold(bytes: number): Promise<void>;
  release(manager?: EntityManager): Promise<void>;
}

/** Room in the quota of a user, kept for bytes on their way until they are a file, or come to nothing. */
export class QuotaHold {
  constructor(
    private readonly steps: HoldSteps,
    private heldBytes: number,
  ) {}

  /** Keeps exactly so much. @throws QuotaExceededError */
  async reserve(bytes: number): Promise<void> {
    if (bytes === this.heldBytes) return;
    await this.steps.hold(bytes);
    this.heldBytes = bytes;
  }

  /**
   * To be piped through by bytes that may become more than what is kept. Fails with QuotaExceededError.
   * @param expectedBytes they are no more than that, of which most is kept already; null: nobody knows
   */
  meter(expectedBytes: number | null): Transform {
    let count = 0;
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        count += chunk.length;
        if (count <= this.heldBytes) done(null, chunk);
        else
          this.extend(count, expectedBytes).then(
            () => done(null, chunk),
            (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
          );
      },
    });
  }

  /** The bytes are a file: they count as such from the end of this transaction on. */
  async settle(manager: EntityManager): Promise<void> {
    await this.steps.release(manager);
  }

  /** They come to nothing, or are settled. Never rejects: what cannot be released now runs out. */
  async release(): Promise<void> {
    await this.steps.release().catch(() => undefined);
  }

  private async extend(count: number, expectedBytes: number | null): Promise<void> {
    // Where the end is known what is not kept yet is little, and no more is taken from others than comes.
    const wanted = expectedBytes === null ? count + AHEAD_BYTES : count;
    // Near the end of the quota only what has come.
    await this.reserve(wanted).catch(() => this.reserve(count));
  }
}

/**
 * What belongs to the commit of bytes for which room is held.
 * @returns undefined where there is nothing: then the commit is one statement
 */
export function settling(hold: QuotaHold | null, alongside?: Alongside): Alongside | undefined {
  if (hold === null) return alongside;
  return async (entry, manager) => {
    await hold.settle(manager);
    await alongside?.(entry, manager);
  };
}
