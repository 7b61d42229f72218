import type { EntryNature, FileMetadata } from '@homeserver/dto';

/**
 * `live` is at rest; `missing` is no longer on the disk, and kept for a while in case it comes back; the others
 * are in the middle of a write, which start-up finishes or undoes after a crash.
 */
export type EntryState = 'committing' | 'live' | 'moving' | 'deleting' | 'missing';

/** An entry as the domain knows it. Sizes in bytes, sha256 in lowercase hex. */
export interface Entry {
  readonly id: string;
  readonly driveId: string;
  readonly parentId: string | null;
  readonly kind: 'file' | 'folder';
  readonly filename: string;
  readonly contentType: string | null;
  readonly size: number;
  readonly storagePath: string;
  readonly sha256: string | null;
  readonly uploadDate: Date;
  readonly modifiedAt: Date;
  readonly tags: string[];
  readonly inode: bigint | null;
  readonly nature: EntryNature;
  readonly linkTarget: string | null;
  /** Of a folder: what is in it and below. */
  readonly fileCount: number | null;
  readonly folderCount: number | null;
  readonly version: number;
}

/** An entry in the middle of a write. */
export interface UnfinishedEntry extends Entry {
  readonly state: Exclude<EntryState, 'live' | 'missing'>;
  readonly stagedName: string | null;
  readonly sourceFilename: string | null;
  readonly sourcePath: string | null;
  readonly sourceParentId: string | null;
  /**
   * The entry that is moved here from another drive, of a copy that is being committed; the one that was moved away, of
   * what is left behind to be deleted.
   */
  readonly movesId: string | null;
}

/** What those outside see of an entry. */
export function toFileMetadata(entry: Entry): FileMetadata {
  return {
    id: entry.id,
    kind: entry.kind,
    driveId: entry.driveId,
    parentId: entry.parentId,
    filename: entry.filename,
    contentType: entry.contentType,
    size: entry.size,
    storagePath: entry.storagePath,
    sha256: entry.sha256,
    uploadDate: entry.uploadDate.toISOString(),
    modifiedAt: entry.modifiedAt.toISOString(),
    tags: entry.tags,
    nature: entry.nature,
    linkTarget: entry.linkTarget,
    fileCount: entry.fileCount,
    folderCount: entry.folderCount,
    version: entry.version,
  };
}
