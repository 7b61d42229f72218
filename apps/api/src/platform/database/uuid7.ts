import { randomFillSync } from 'node:crypto';

import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
const POOL_IDS = 256;
/** Where of the random bytes of an id its sequence begins: those after them are in the id themselves. */
const SEQUENCE_AT = 6;

/**
 * Makes new ids, UUIDs of version 7, each greater than the one before, so that inserts go to the end of an index. Random
 * bytes are fetched for many at once, which takes a tenth of the time.
 */
class Uuid7Source {
  private readonly pool = Buffer.alloc(POOL_IDS * RANDOM_BYTES);
  private used = POOL_IDS;
  private milliseconds = 0;
  private sequence = 0;

  next(): string {
    const random = this.nextRandom();
    const now = Date.now();
    if (now > this.milliseconds) {
      this.milliseconds = now;
      // Half of what the sequence has room for is left to count in.
      this.sequence = random.readUInt32BE(SEQUENCE_AT) >>> 1;
    } else {
      this.sequence += 1;
    }
    return v7({ msecs: this.milliseconds, seq: this.sequence, random });
  }

  private nextRandom(): Buffer {
    if (this.used === POOL_IDS) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const start = this.used * RANDOM_BYTES;
    this.used += 1;
    return this.pool.subarray(start, start + RANDOM_BYTES);
  }
}

const source = new Uuid7Source();

/** A new id: a UUID of version 7. */
export function uuid7(): string {
  return source.next();
}
