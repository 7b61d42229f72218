import type { DriveIndex } from '@homeserver/dto';

import type { DirtyFolder } from './dirty-folders';

/** What the thread of the index has to know of a drive. */
export interface IndexedDrive {
  readonly driveId: string;
  readonly name: string;
  /** The path of its root on the machine. */
  readonly place: string;
  readonly rootFolderId: string;
  readonly excludes: readonly string[];
  readonly showHidden: boolean;
  readonly crossMounts: boolean;
  readonly readOnly: boolean;
}

/** A look through a whole drive. */
export interface ScanRequest {
  readonly kind: 'scan';
  readonly drive: IndexedDrive;
  /** Whether every file is looked at, or only folders whose time has changed. */
  readonly isFull: boolean;
  /**
   * Up to so many entries that are gone it is not asked about again; they stay known. null: somebody has said that
   * whatever is gone is gone.
   */
  readonly toleratedCount: number | null;
  /** Where a full one left off. */
  readonly cursor: readonly string[] | null;
}

/** Folders in which something has changed; with names where only these have. */
export interface LookRequest {
  readonly kind: 'look';
  readonly drive: IndexedDrive;
  readonly folders: readonly DirtyFolder[];
}

/** A folder that somebody wants to see, and that is not indexed yet. */
export interface ListRequest {
  readonly kind: 'list';
  readonly drive: IndexedDrive;
  readonly folderId: string;
}

/** Reads some files for their hashes, and their types. */
export interface HashRequest {
  readonly kind: 'hash';
  readonly drive: IndexedDrive;
}

/** Reads some files anew, and compares their bytes with their hashes. */
export interface VerifyRequest {
  readonly kind: 'verify';
  readonly drive: IndexedDrive;
  readonly wish: VerifyWish;
}

/** Which files are to be read anew. */
export interface VerifyWish {
  /** Files, those in the trash too, or earlier contents of files. */
  readonly of: 'files' | 'versions';
  /** ISO 8601: those that were not read since. */
  readonly before: string;
  /** The last one that was read, in the order of their ids; null: from the first on. */
  readonly after: string | null;
  /** Of these alone; null: of all of the drive. */
  readonly ids: readonly string[] | null;
}

export type IndexRequest = ScanRequest | LookRequest | ListRequest | HashRequest | VerifyRequest;

/** A scan that found too much gone, and changed nothing of that. */
export interface ScanQuestion {
  readonly missingCount: number;
  readonly entryCount: number;
}

export interface IndexResult {
  /** Somebody else looks after this drive: nothing was done. */
  readonly isElsewhere: boolean;
  readonly seenCount: number;
  readonly wasFirst: boolean;
  readonly question: ScanQuestion | null;
  /** Of a scan: whether the index lists nothing any more that is gone. */
  readonly isSettled: boolean;
  /** Whether it left much as it is that seemed to be gone: a scan is to ask about it. */
  readonly isDoubtful: boolean;
  /** Folders that have to be looked at again, since somebody was just writing there. */
  readonly busy: readonly string[];
  /** Of hashing, and of reading anew: whether there is more. */
  readonly hasMore: boolean;
  /** Of reading anew; null else. */
  readonly verified: Verified | null;
}

/** What came of reading files anew. */
export interface Verified {
  /** The last one; null where there was none. */
  readonly lastId: string | null;
  readonly bytes: number;
  readonly corruptedCount: number;
  /** Paths of files that could not be read, as the disk has it. */
  readonly failed: readonly string[];
  /** Paths of files that were read wrongly once, and rightly then. */
  readonly doubtful: readonly string[];
}

export type ToWorker =
  | { readonly type: 'request'; readonly id: number; readonly request: IndexRequest }
  | { readonly type: 'cancel'; readonly id: number }
  /** From now on changes of a drive are listened to; what changed before is found by a scan. */
  /** Tells how changes are noticed, now that the watches are set. */
  | { readonly type: 'check'; readonly driveId: string }
  | { readonly type: 'follow'; readonly drive: IndexedDrive }
  | { readonly type: 'release'; readonly driveId: string }
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly seenCount: number;
      readonly names: readonly string[];
    }
  /** Something was written: what listens to the index and the event log has news. */
  | { readonly type: 'written'; readonly driveId: string; readonly kind: IndexRequest['kind'] }
  /** How changes of a drive are noticed now. */
  | { readonly type: 'watching'; readonly driveId: string; readonly watching: Watching }
  /** Too much has changed to be told one by one: a drive has to be looked through as a whole. */
  | { readonly type: 'overflow'; readonly driveId: string }
  | { readonly type: 'done'; readonly id: number; readonly result: IndexResult }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: string;
      readonly message: string;
    };

/** The code of a request that was taken back. */
export const CANCELLED = 'CANCELLED';

export type Watching = DriveIndex['watching'];
