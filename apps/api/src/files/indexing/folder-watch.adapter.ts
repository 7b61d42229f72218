import { type FSWatcher, statfsSync, utimesSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';

import { errorCode } from '../../platform/filesystem/error-code';

const OWN_FOLDER = '.homeserver';
const SENTINEL = 'sentinel';
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

/** Something has changed in a folder. @param name null where the system does not say which */
export type OnChange = (folderId: string, name: string | null) => void;

/**
 * Hears from the system what changes in folders. Each is watched by itself, under its id: a watch follows its folder
 * when that is renamed, and what it tells is told of the folder, wherever it lies by now. (One watch for a tree tells
 * paths, and those below a renamed folder under its old name.)
 */
export class FolderWatch {
  private readonly watches = new Map<string, FSWatcher>();
  private own: FSWatcher | null = null;
  private readonly sentinels = new Set<() => void>();
  /** Whether there are folders that could not be watched. */
  isIncomplete = false;

  constructor(
    private readonly place: string,
    private readonly onChange: OnChange,
  ) {}

  has(folderId: string): boolean {
    return this.watches.has(folderId) || this.isIncomplete;
  }

  /** Watches a folder, from before it is read. @param at a path by which it can be reached now */
  add(folderId: string, at: string, isAnother: boolean): void {
    if (this.watches.has(folderId)) {
      if (!isAnother) return;
      this.remove(folderId);
    }
    try {
      const watcher = watch(at, { persistent: false }, (_event, name) => {
        this.onChange(folderId, isPlain(name) ? name : null);
      });
      watcher.on('error', () => this.remove(folderId));
      this.watches.set(folderId, watcher);
    } catch (error) {
      // One that went away is missed where it was listed.
      if (LIMITS.includes(errorCode(error))) this.isIncomplete = true;
    }
  }

  remove(folderId: string): void {
    this.watches.get(folderId)?.close();
    this.watches.delete(folderId);
  }

  /**
   * Touches a file of ours, to see whether we are told of it: notifications end silently when limits are reached.
   * @param waitMs after which it counts as not told
   */
  async isAlive(waitMs: number): Promise<boolean> {
    const file = path.join(this.place, OWN_FOLDER, SENTINEL);
    this.own ??= watch(path.dirname(file), { persistent: false }, (_event, name) => {
      if (name !== SENTINEL) return;
      for (const hear of this.sentinels) hear();
      this.sentinels.clear();
    });
    return new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.sentinels.add(() => {
        clearTimeout(timer);
        resolve(true);
      });
      touch(file);
    });
  }

  close(): void {
    for (const watcher of this.watches.values()) watcher.close();
    this.watches.clear();
    this.own?.close();
    this.own = null;
  }
}

/** A change of its times alone: nothing but its inode is written. */
function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    writeFileSync(file, 'HomeServer touches this file to see whether it is told of changes.\n');
  }
}

/** Names that are no UTF-8 come in pieces: the folder is read as a whole. */
function isPlain(name: string | null): name is string {
  return name !== null && !/[\ufffd\uef80-\uefff]/.test(name);
}
