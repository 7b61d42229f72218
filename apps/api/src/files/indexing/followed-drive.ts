import { DirtyFolders } from './dirty-folders';
import type { DriveRoot } from './drive-root.adapter';
import { FolderWatch, isSharedFilesystem } from './folder-watch.adapter';
import type { FromWorker, IndexedDrive, LookRequest } from './index-protocol';

/** Changes come in bursts: they are looked at together when there was none for so long, */
const SETTLED_MS = 100;
/** or so long after the first. */
const AT_LATEST_MS = 600;
/** What somebody was just writing is looked at again. */
const AGAIN_MS = 1000;
const SENTINEL_WAIT_MS = 10_000;
const SENTINEL_EVERY_MS = 10 * 60_000;

export interface FollowedDriveHooks {
  readonly look: (request: LookRequest) => void;
  readonly tell: (message: FromWorker) => void;
  /** Called for each notification. */
  readonly onNotification: () => void;
}

/** A drive whose changes are listened to. */
export class FollowedDrive {
  readonly watch: FolderWatch;
  private readonly dirty = new DirtyFolders();
  private timer: NodeJS.Timeout | null = null;
  private firstAt = 0;
  private readonly sentinelTimer: NodeJS.Timeout;
  private watching: 'notifications' | 'polling' | null = null;

  constructor(
    public drive: IndexedDrive,
    private readonly root: DriveRoot,
    private readonly hooks: FollowedDriveHooks,
  ) {
    this.watch = new FolderWatch((folderId, name, isItself) => {
      hooks.onNotification();
      this.note(folderId, name);
      // Its disk may have been taken out, and put in again at once: then nothing is told of it any more.
      if (isItself && folderId === this.drive.rootFolderId) this.doubt();
    });
    this.sentinelTimer = setInterval(() => void this.check(), SENTINEL_EVERY_MS).unref();
  }

  /** Whether notifications can be relied on, told where that has changed. After a scan, which has set the watches. */
  async check(): Promise<void> {
    const canBeReliable = !this.watch.isIncomplete && !this.isShared();
    const hearing = canBeReliable && !this.drive.readOnly ? await this.hear() : 'unknown';
    if (hearing === 'deaf') {
      // The next walk sets all watches anew: soon, where something was heard before.
      this.watch.close();
      if (this.watching === 'notifications') this.tellOverflow();
    }
    const isReliable = canBeReliable && (this.drive.readOnly || hearing === 'well');
    const watching = isReliable ? 'notifications' : 'polling';
    if (watching === this.watching) return;
    this.watching = watching;
    this.hooks.tell({ type: 'watching', driveId: this.drive.driveId, watching });
  }

  lookAgain(folderIds: readonly string[]): void {
    if (folderIds.length === 0) return;
    setTimeout(() => {
      for (const id of folderIds) this.note(id, null);
    }, AGAIN_MS).unref();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    clearInterval(this.sentinelTimer);
    this.watch.close();
  }

  private note(folderId: string, name: string | null): void {
    const now = performance.now();
    if (this.dirty.isEmpty) this.firstAt = now;
    this.dirty.add(folderId, name);
    if (this.timer !== null) clearTimeout(this.timer);
    const waitMs = Math.max(0, Math.min(SETTLED_MS, this.firstAt + AT_LATEST_MS - now));
    this.timer = setTimeout(() => this.look(), waitMs);
  }

  private look(): void {
    this.timer = null;
    this.hooks.look({ kind: 'look', drive: this.drive, folders: this.dirty.take() });
  }

  private isShared(): boolean {
    try {
      return isSharedFilesystem(this.drive.place);
    } catch {
      return true; // it is away: what can be relied on shows when it is back
    }
  }

  private async hear(): Promise<'well' | 'deaf' | 'unknown'> {
    try {
      return (await this.watch.isAlive(this.root, SENTINEL_WAIT_MS)) ? 'well' : 'deaf';
    } catch {
      return 'unknown'; // it cannot be written to at the moment: nothing proves that we are told
    }
  }

  private doubt(): void {
    if (!this.drive.readOnly) {
      void this.check();
      return;
    }
    this.watch.close();
    this.tellOverflow();
  }

  private tellOverflow(): void {
    this.hooks.tell({ type: 'overflow', driveId: this.drive.driveId });
  }
}
