import { type FSWatcher, readFileSync, statfsSync, watch } from 'node:fs';
import path from 'node:path';

import { errorCode } from '../../platform/filesystem/error-code';
import type { DriveRoot } from './drive-root.adapter';
import { OWN_FOLDER } from '../../platform/filesystem/own-folder';

const SENTINEL = 'sentinel';
const SENTINEL_TEXT = 'HomeServer touches this file to see whether it is told of changes.\n';
/** As Linux has it where nobody has set another number. */
const KEPT = 16_384;
/** The system has no more watches for us, or none at all. */
const LIMITS = ['ENOSPC', 'EMFILE', 'ENOSYS', 'ENOMEM', 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'];

/**
 * Filesystems on which others may change things that this machine is not told of: NFS, SMB (three numbers), FUSE, 9P,
 * Ceph, AFS, Coda.
 */
const SHARED_FILESYSTEMS = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f,
  0x73757245,
]);

/** Whether changes can be made there that this machine is not told of. */
export function isSharedFilesystem(place: string): boolean {
  return process.platform === 'linux' && SHARED_FILESYSTEMS.has(statfsSync(place).type);
}

/** How many notifications the system keeps for a thread that has no time for them. */
export function keptNotifications(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) || KEPT;
  } catch {
    return KEPT; // not Linux, or a system that does not say
  }
}

/**
 * Something has changed in a folder.
 * @param name null where the system does not say which
 * @param isItself whether it may be about the folder itself: its times, its rights, or that its disk was taken out
 */
export type OnChange = (folderId: string, name: string | null, isItself: boolean) => void;

/**
 * Hears from the system what changes in folders. Each is watched by itself, under its id: a watch follows its folder
 * when that is renamed, and what it tells is told of the folder, wherever it lies by now. (One watch for a tree tells
 * paths, and those below a renamed folder under its old name.)
 */
export class FolderWatch {
  private readonly watches = new Map<string, { watcher: FSWatcher; parentId: string | null }>();
  private own: FSWatcher | null = null;
  private readonly sentinels = new Set<() => void>();
  /** Whether there are folders that could not be watched. */
  isIncomplete = false;

  constructor(private readonly onChange: OnChange) {}

  has(folderId: string): boolean {
    return this.watches.has(folderId) || this.isIncomplete;
  }

  /** The folder in which a watched one lay when it was first watched; null for the root, and where none is known. */
  parentOf(folderId: string): string | null {
    return this.watches.get(folderId)?.parentId ?? null;
  }

  /** Watches a folder, from before it is read. @param at a path by which it can be reached now */
  add(
    {
      id: folderId,
      parent,
    }: { readonly id: string; readonly parent: { readonly id: string } | null },
    at: string,
    isAnother: boolean,
  ): void {
    if (this.watches.has(folderId)) {
      if (!isAnother) return;
      this.remove(folderId);
    }
    // What is told of the folder itself is told under the last part of the path by which it was reached.
    const itself = path.basename(at);
    try {
      const watcher = watch(at, { persistent: false }, (_event, name) => {
        this.onChange(folderId, isPlain(name) ? name : null, name === itself);
      });
      watcher.on('error', () => this.remove(folderId));
      this.watches.set(folderId, { watcher, parentId: parent?.id ?? null });
    } catch (error) {
      // One that went away is missed where it was listed.
      if (LIMITS.includes(errorCode(error))) this.isIncomplete = true;
    }
  }

  remove(folderId: string): void {
    this.watches.get(folderId)?.watcher.close();
    this.watches.delete(folderId);
  }

  /**
   * Touches a file of ours, to see whether we are told of it: notifications end silently when limits are reached, and
   * when a disk is taken out and put in again.
   * @param waitMs after which it counts as not told
   * @throws NotThisDriveError, and the system's errors
   */
  async isAlive(root: DriveRoot, waitMs: number): Promise<boolean> {
    const own = root.openFolder([OWN_FOLDER]);
    try {
      this.own ??= watch(own.reachedAt, { persistent: false }, (_event, name) => {
        if (name !== SENTINEL) return;
        for (const hear of this.sentinels) hear();
        this.sentinels.clear();
      });
      return await new Promise<boolean>((resolve, reject) => {
        const timer = setTimeout(() => resolve(false), waitMs);
        this.sentinels.add(() => {
          clearTimeout(timer);
          resolve(true);
        });
        try {
          own.touchFile(SENTINEL, SENTINEL_TEXT);
        } catch (error) {
          clearTimeout(timer);
          reject(error);
        }
      });
    } finally {
      own.close();
    }
  }

  /** Ends all watches. The next walk through the drive sets them again. */
  close(): void {
    for (const { watcher } of this.watches.values()) watcher.close();
    this.watches.clear();
    this.own?.close();
    this.own = null;
    this.isIncomplete = false;
  }
}

/** Names that are no UTF-8 come in pieces: the folder is read as a whole. */
function isPlain(name: string | null): name is string {
  return name !== null && !/[\ufffd\uef80-\uefff]/.test(name);
}
