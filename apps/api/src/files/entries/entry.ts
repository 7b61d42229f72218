import type { EntryNature, FileMetadata, ScanMark } from '@homeserver/dto';

import { joinPath } from './storage-path';

/**
 * `live` is at rest; `missing` is no longer on the disk, and kept for a while in case it comes back; `trashed` is in the
 * trash, itself or with a folder above it; `trash` is that of a drive, which nobody sees; the others are in the middle
 * of a write, which start-up finishes or undoes after a crash.
 */
export type EntryState =
  'committing' | 'live' | 'moving' | 'deleting' | 'replacing' | 'missing' | 'trash' | 'trashed';

/** Where something was before it went to the trash. */
export interface FormerPlace {
  readonly parentId: string;
  readonly filename: string;
  /** The path of the folder, inside the drive. */
  readonly folderPath: string;
}

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
  /** When its bytes were found not to be those that were stored; null while they are. */
  readonly corruptedAt: Date | null;
  /** Of what was put into the trash by itself; null for all else. */
  readonly trashedFrom: FormerPlace | null;
  /** What a scanner of viruses said of these bytes; null where none was asked. */
  readonly scan: ScanMark | null;
  readonly version: number;
}

/**
 * The content that a file is about to get, and where the one that it has is kept then. Kept as JSON: inodes and times in
 * nanoseconds have more digits than a number keeps.
 */
export interface Replacement {
  readonly versionId: string;
  readonly size: number;
  /** In lowercase hex; null where the bytes were not read. */
  readonly sha256: string | null;
  readonly contentType: string;
  /** ISO 8601. */
  readonly modifiedAt: string;
  readonly inode: string | null;
  readonly birthNs: string | null;
  readonly scan: ScanMark | null;
  /** ISO 8601; null while the bytes are those of the hash. */
  readonly corruptedAt: string | null;
  readonly uploadedBy: string | null;
  /** The user whose content it is; null: HomeServer itself. */
  readonly by: string | null;
}

/** An entry in the middle of a write. */
export interface UnfinishedEntry extends Entry {
  readonly state: Extract<EntryState, 'committing' | 'moving' | 'deleting' | 'replacing'>;
  readonly stagedName: string | null;
  readonly sourceFilename: string | null;
  readonly sourcePath: string | null;
  readonly sourceParentId: string | null;
  /**
   * The entry that is moved here from another drive, of a copy that is being committed; the one that was moved away, of
   * what is left behind to be deleted.
   */
  readonly movesId: string | null;
  /** Of a file that gets another content. */
  readonly replacement: Replacement | null;
  /** For whose quota its bytes count; null: for nobody's. */
  readonly uploadedBy: string | null;
}

/** What those outside see of an entry. */
export function toFileMetadata(entry: Entry): FileMetadata {
  // What is in the trash is told as it was: it lies there under its id.
  const place = entry.trashedFrom ?? entry;
  return {
    id: entry.id,
    kind: entry.kind,
    driveId: entry.driveId,
    parentId: place.parentId,
    filename: place.filename,
    contentType: entry.contentType,
    size: entry.size,
    storagePath:
      entry.trashedFrom === null
        ? entry.storagePath
        : joinPath(entry.trashedFrom.folderPath, entry.trashedFrom.filename),
    sha256: entry.sha256,
    uploadDate: entry.uploadDate.toISOString(),
    modifiedAt: entry.modifiedAt.toISOString(),
    tags: entry.tags,
    nature: entry.nature,
    linkTarget: entry.linkTarget,
    fileCount: entry.fileCount,
    folderCount: entry.folderCount,
    corruptedAt: entry.corruptedAt?.toISOString() ?? null,
    version: entry.version,
  };
}
