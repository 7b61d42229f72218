import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

import { LastKnown } from '../last-known';
import type { DiskReading } from '../machine-reader';
import type { DiskMount } from './mounts';

/** What a filesystem counts, in blocks of `frsize` bytes. */
export interface SpaceInBlocks {
  readonly bsize: number;
  readonly frsize?: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
}

/** How the system is asked for the space at a mount point; other than statfs only in tests. */
export interface SpaceSource {
  askNow(mountPoint: string): SpaceInBlocks;
  ask(mountPoint: string): Promise<SpaceInBlocks>;
}

/** Space on a server changes slowly, and each question wakes a thread and goes over the network. */
const SLOW_EVERY_MS = 10_000;

/**
 * The space of the mounted disks. The usual filesystems know it by heart and are asked at once:
 * handing that to another thread costs a hundred times the question itself. A dead server or a slow
 * device can keep statfs waiting for ever, so those are asked in Node's pool of threads and never
 * waited for: their last answer stands. They are asked one after another, so that all the dead ones
 * together hold a single thread of the pool.
 */
export class DiskSpace {
  private slowMounts: readonly DiskMount[] = [];
  private readonly slow = new LastKnown(() => this.askSlow());
  private readonly slowReadings = new Map<string, DiskReading>();

  constructor(private readonly source: SpaceSource = { askNow: statfsSync, ask: statfs }) {}

  /** The disks whose space is known, in the order given. */
  read(mounts: readonly DiskMount[]): DiskReading[] {
    this.slowMounts = mounts.filter(({ isPrompt }) => !isPrompt);
    this.forgetUnmounted();
    if (this.slowMounts.length > 0) void this.slow.refresh(0, SLOW_EVERY_MS);
    return mounts.flatMap((mount) => {
      const reading = mount.isPrompt
        ? this.readNow(mount)
        : this.slowReadings.get(mount.mountPoint);
      return reading ?? [];
    });
  }

  private readNow(mount: DiskMount): DiskReading | null {
    try {
      return toReading(mount, this.source.askNow(mount.mountPoint));
    } catch {
      return null; // unmounted a moment ago, or forbidden to us: no space to tell of
    }
  }

  private async askSlow(): Promise<void> {
    for (const mount of this.slowMounts) {
      try {
        const reading = toReading(mount, await this.source.ask(mount.mountPoint));
        if (reading !== null) this.slowReadings.set(mount.mountPoint, reading);
      } catch {
        this.slowReadings.delete(mount.mountPoint); // the server refuses, or the mount is broken
      }
    }
  }

  private forgetUnmounted(): void {
    for (const mountPoint of this.slowReadings.keys()) {
      const isMounted = this.slowMounts.some((mount) => mount.mountPoint === mountPoint);
      if (!isMounted) this.slowReadings.delete(mountPoint);
    }
  }
}

/** Null for what is not made of blocks, and so no disk. */
function toReading(
  { mountPoint, filesystem }: DiskMount,
  space: SpaceInBlocks,
): DiskReading | null {
  if (space.blocks <= 0) return null;
  // Where Node does not tell the size of a block, the preferred size of a transfer stands for it.
  const blockBytes = space.frsize ?? space.bsize;
  return {
    mountPoint,
    filesystem,
    totalBytes: space.blocks * blockBytes,
    usedBytes: (space.blocks - space.bfree) * blockBytes,
    availableBytes: space.bavail * blockBytes,
  };
}
