import { createHash } from 'node:crypto';

const BLOCK = 4096;

/** Numbers, choices and contents that look like chance, and are the same for the same seed. */
export class Dice {
  private turn = 0;

  constructor(private readonly seed: string) {}

  /** The next number from 0 to less than 1. */
  next(): number {
    return this.hash().readUInt32LE() / 2 ** 32;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  name(): string {
    return this.hash().toString('hex', 0, 5);
  }

  /** @param size in bytes; no two blocks are the same, here or in another content */
  bytes(size: number): Buffer {
    const block = Buffer.alloc(BLOCK, this.hash());
    const content = Buffer.concat(
      Array.from({ length: Math.ceil(size / BLOCK) }, () => block),
    ).subarray(0, size);
    for (let at = 0; at + 4 <= size; at += BLOCK) content.writeUInt32LE(at, at);
    return content;
  }

  private hash(): Buffer {
    this.turn += 1;
    return createHash('sha256').update(`${this.seed}/${this.turn}`).digest();
  }
}
