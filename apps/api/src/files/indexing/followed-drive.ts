import { DirtyFolders } from './dirty-folders';
import { FolderWatch, isSharedFilesystem } from './folder-watch.adapter';
import type { FromWorker, IndexedDrive, LookRequest } from './index-protocol';

/** Changes come in bursts: they are looked at together when there was none for so long, */
const SETTLED_MS = 100;
/** or so long after the first. */
const AT_LATEST_MS = 600;
/** What somebody was just writing is looked at again. */
const AGAIN_MS = 1000;
/** The system keeps 16,384 notifications, and drops what is more: near that, some may be lost. */
const OVERFLOW_COUNT = 12_000;
const OVERFLOW_WITHIN_MS = 500;
const SENTINEL_WAIT_MS = 10_000;
const SENTINEL_EVERY_MS = 10 * 60_000;

export interface FollowedDriveHooks {
  readonly look: (request: LookRequest) => void;
  readonly tell: (message: FromWorker) => void;
}

/** A drive whose changes are listened to. */
export class FollowedDrive {
  readonly watch: FolderWatch;
  private readonly dirty = new DirtyFolders();
  private timer: NodeJS.Timeout | null = null;
  private firstAt = 0;
  private countedFrom = 0;
  private count = 0;
  private readonly sentinelTimer: NodeJS.Timeout;
  private watching: 'notifications' | 'polling' | null = null;

  constructor(
    public drive: IndexedDrive,
    private readonly hooks: FollowedDriveHooks,
  ) {
    this.watch = new FolderWatch(drive.place, (folderId, name) => {
      this.countOne();
      this.note(folderId, name);
    });
    this.sentinelTimer = setInterval(() => void this.check(), SENTINEL_EVERY_MS).unref();
  }

  /** Whether notifications can be relied on, told where that has changed. After a scan, which has set the watches. */
  async check(): Promise<void> {
    const isReliable =
      !this.watch.isIncomplete &&
      !this.isShared() &&
      (this.drive.readOnly || (await this.isAlive()));
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

  private countOne(): void {
    const now = performance.now();
    if (now - this.countedFrom > OVERFLOW_WITHIN_MS) {
      this.countedFrom = now;
      this.count = 0;
    }
    this.count += 1;
    if (this.count === OVERFLOW_COUNT)
      this.hooks.tell({ type: 'overflow', driveId: this.drive.driveId });
  }

  private isShared(): boolean {
    try {
      return isSharedFilesystem(this.drive.place);
    } catch {
      return true; // it is away: what can be relied on shows when it is back
    }
  }

  private async isAlive(): Promise<boolean> {
    try {
      return await this.watch.isAlive(SENTINEL_WAIT_MS);
    } catch {
      return false; // it cannot be written to at the moment: nothing proves that we are told
    }
  }
}
