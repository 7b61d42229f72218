import type { BigIntStats } from 'node:fs';
import { chmod, lstat, readdir, rmdir, unlink } from 'node:fs/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { requireNothingMounted } from './mounted-below';
import type { Place } from './place';

const REPORT_EVERY = 100;
const OWNER_MAY_ALL = 0o700n;

/**
 * Removes a folder that was taken out of the tree, from the inside out. What lies on another filesystem is left, for
 * it was mounted there and is nobody's to delete.
 */
class DiscardedFolder {
  private removedCount = 0;

  constructor(
    private readonly device: bigint,
    private readonly signal: AbortSignal,
    private readonly onRemoved: (count: number) => void,
  ) {}

  /** @throws the reason of the signal; the system's errors, such as EBUSY for a mount */
  async remove(place: Buffer): Promise<void> {
    const stats = await lookAt(place);
    if (stats === null) return;
    if (!stats.isDirectory()) await ignoreAbsence(unlink(place));
    else if (stats.dev === this.device) await this.removeFolder(place, stats);
    else throw new Error('Another filesystem is mounted in a folder that is to be removed.');
    this.count();
  }

  private async removeFolder(place: Buffer, { mode }: BigIntStats): Promise<void> {
    // A folder of ours that we may not change is ours to open.
    if ((mode & OWNER_MAY_ALL) !== OWNER_MAY_ALL)
      await chmod(place, Number(OWNER_MAY_ALL)).catch(() => undefined);
    for (const name of await readdir(place, { encoding: 'buffer' })) {
      this.signal.throwIfAborted();
      await this.remove(Buffer.concat([place, Buffer.from('/'), name]));
    }
    await ignoreAbsence(rmdir(place));
  }

  private count(): void {
    this.removedCount += 1;
    if (this.removedCount % REPORT_EVERY === 0) this.onRemoved(this.removedCount);
  }
}

async function lookAt(place: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(place, { bigint: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function ignoreAbsence(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Removes a folder that was discarded, if it is there. @param onRemoved told how many entries went, now and then */
export async function removeDiscarded(
  { folder, name }: Place,
  signal: AbortSignal,
  onRemoved: (count: number) => void,
): Promise<void> {
  const place = Buffer.from(folder.at(name));
  if ((await lookAt(place)) === null) return;
  await requireNothingMounted(place);
  const { dev } = await folder.stat();
  await new DiscardedFolder(dev, signal, onRemoved).remove(place);
  await folder.sync();
}
