import type { DriveRoot } from './drive-root.adapter';
import type { IsExcluded } from './exclusions';
import type { FolderWatch } from './folder-watch.adapter';

/** What a walk goes by. */
export interface WalkRules {
  readonly driveId: string;
  readonly root: DriveRoot;
  readonly isExcluded: IsExcluded;
  readonly crossMounts: boolean;
  /** Whether an inode, with its birth time, tells a file from others. */
  readonly hasInodes: boolean;
  /** Whether folders are read again whose time of change is as it was. */
  readonly isFull: boolean;
  /** Where a walk that reads all left off: what comes before is read only where its time has changed. */
  readonly cursor: readonly string[] | null;
  /** Whether nothing is asked of the index on the way: it has nothing of the drive yet. */
  readonly isAlone: boolean;
  /** Whether what is gone is kept for a decision at the end; else it is taken as missing at once. */
  readonly gathersGone: boolean;
}

export interface WalkHooks {
  /** Watches the folders that are gone into; null where nothing is watched. */
  readonly watch: FolderWatch | null;
  /** Whether somebody waits for a turn: then all that was found is written first. */
  readonly isWanted: () => boolean;
  /** Called between turns, with how many entries were seen, and where the walk is; may throw to end it. */
  readonly turn: (seen: number, names: readonly string[]) => Promise<void> | void;
}
