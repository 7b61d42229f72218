import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';

import { bytesOfName } from '../../platform/filesystem/name-bytes';
import { hasNoFolderSync } from './folder-sync';
import { SharedSyncs } from './shared-syncs';

/** Opens a folder, and nothing else: no link to one. */
export const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

const SYNCS = new SharedSyncs();

/**
 * An open folder, through which its entries are reached: on Linux by `/proc/self/fd`, so that nobody
 * can swap a folder of the path for a link while we work (Node has no openat). Elsewhere each part of
 * the path is opened without following links, and the path is used again: a swap in between is
 * possible there, by somebody who may write to the drive anyway.
 */
export class HeldFolder {
  /** What tells the folder from others, whoever holds it. */
  private key: string | null = null;

  private constructor(
    private readonly handle: FileHandle,
    private readonly place: string | Buffer,
  ) {}

  /**
   * Opens the folder that `names` lead to from `root`.
   * @param root a path that is trusted, links and all
   * @throws the system's ENOENT, ENOTDIR or ELOOP when a part is missing, no folder, or a link
   */
  static async open(root: string, names: readonly string[]): Promise<HeldFolder> {
    let folder = HeldFolder.hold(
      await open(root, constants.O_RDONLY | constants.O_DIRECTORY),
      root,
    );
    for (const name of names) {
      const parent = folder;
      try {
        const at = parent.at(name);
        folder = HeldFolder.hold(await open(at, FOLDER_FLAGS), at);
      } finally {
        await parent.close();
      }
    }
    return folder;
  }

  private static hold(handle: FileHandle, fallback: string | Buffer): HeldFolder {
    return new HeldFolder(
      handle,
      process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : fallback,
    );
  }

  /** The path of an entry of this folder, good while the folder is held; bytes where its name is no UTF-8. */
  at(name: string): string | Buffer {
    const bytes = bytesOfName(name);
    if (typeof bytes === 'string' && typeof this.place === 'string')
      return path.join(this.place, bytes);
    return Buffer.concat([Buffer.from(this.place), Buffer.from('/'), Buffer.from(bytes)]);
  }

  /** The path of the folder itself. */
  get itself(): string | Buffer {
    return this.place;
  }

  async stat(): Promise<BigIntStats> {
    return this.handle.stat({ bigint: true });
  }

  async isSameAs(other: HeldFolder): Promise<boolean> {
    const [one, two] = await Promise.all([
      this.handle.stat({ bigint: true }),
      other.handle.stat({ bigint: true }),
    ]);
    return one.dev === two.dev && one.ino === two.ino;
  }

  /**
   * Makes the names of this folder durable. All who ask while one sync runs, whichever way they hold the folder, share
   * the next: it has theirs, too.
   */
  async sync(): Promise<void> {
    this.key ??= await this.readKey();
    await SYNCS.sync(this.key, () => this.syncNow());
  }

  private async readKey(): Promise<string> {
    const { dev, ino } = await this.handle.stat({ bigint: true });
    return `${dev}:${ino}`;
  }

  private async syncNow(): Promise<void> {
    try {
      await this.handle.sync();
    } catch (error) {
      if (!hasNoFolderSync(error)) throw error;
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
