import type { Conflict, FileMetadata } from '@homeserver/dto';

import { type Chosen, joinNames, type SourceHandle } from './chosen-file';
import type { UploadBatch } from './upload-batch';

/**
 * `resting` waits for its next try, `taken` and `known` wait for a decision of the person, `over` is
 * stored, cancelled or left out.
 */
export type UploadState =
  'waiting' | 'running' | 'resting' | 'paused' | 'taken' | 'known' | 'failed' | 'over';

/** What is known of an upload that was begun before this page was loaded. */
export interface BegunUpload {
  readonly id: string;
  readonly url: string | null;
  readonly conflict: Conflict;
  readonly begunTags?: readonly string[] | null;
}

/**
 * One file on its way, or a folder without anything in it. A plain thing that changes, for there may be
 * tens of thousands: who shows it looks again when the queue says so.
 */
export class UploadItem {
  readonly id: string;
  readonly file: File;
  readonly folderPath: string;
  readonly isFolder: boolean;
  /** This browser could not read it: there is nothing to send. */
  readonly isUnreadable: boolean;
  readonly handle: SourceHandle | null;
  readonly root: SourceHandle | null;
  state: UploadState = 'waiting';
  sentBytes = 0;
  /** Where the server keeps what has arrived; null before it was asked for. */
  url: string | null;
  conflict: Conflict;
  /** Tries in a row that brought it no further. */
  attempts = 0;
  /** The connection broke when the server may have had all of it. */
  isUncertain: boolean;
  /** Whether it was looked for among what the server has already. */
  isCompared = false;
  /** A file with this content that the server has already. */
  twin: FileMetadata | null = null;
  /** Why it failed, or rests, in words for a person. */
  reason = '';
  requestId: string | null = null;
  /** Those that it was begun with; null where that is not known. */
  tags: readonly string[] | null;

  constructor(
    chosen: Chosen,
    readonly batch: UploadBatch,
    begun: BegunUpload | null = null,
  ) {
    this.isFolder = chosen.kind === 'folder';
    this.isUnreadable = chosen.kind === 'unreadable';
    this.folderPath = parentOf(chosen);
    this.file = chosen.kind === 'file' ? chosen.file : new File([], nameOf(chosen));
    this.handle = chosen.kind === 'file' ? chosen.handle : null;
    this.root = chosen.kind === 'file' ? chosen.root : null;
    this.id = begun?.id ?? newId();
    this.url = begun?.url ?? null;
    this.conflict = begun?.conflict ?? 'fail';
    this.isUncertain = begun !== null && begun.url === null;
    this.isCompared = begun !== null;
    this.tags = this.url === null ? [] : (begun?.begunTags ?? null);
  }

  get name(): string {
    return this.file.name;
  }

  get size(): number {
    return this.file.size;
  }

  /** With the folders that it came in. */
  get path(): string {
    return joinNames(this.folderPath, this.name);
  }
}

function nameOf(chosen: Chosen): string {
  if (chosen.kind === 'file') return chosen.file.name;
  return chosen.kind === 'unreadable' ? chosen.name : (chosen.folderPath.split('/').at(-1) ?? '');
}

function parentOf(chosen: Chosen): string {
  if (chosen.kind !== 'folder') return chosen.folderPath;
  return chosen.folderPath.split('/').slice(0, -1).join('/');
}

/** crypto.randomUUID is missing on plain HTTP. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
