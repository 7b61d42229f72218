import type { FileMetadata } from '@homeserver/dto';

/** `live` is at rest; the others are in the middle of a write, which start-up finishes or undoes after a crash. */
export type EntryState = 'committing' | 'live' | 'moving' | 'deleting';

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
  readonly version: number;
}

/** An entry in the middle of a write. */
export interface UnfinishedEntry extends Entry {
  readonly state: Exclude<EntryState, 'live'>;
  readonly stagedName: string | null;
  readonly sourcePath: string | null;
  readonly sourceParentId: string | null;
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
    version: entry.version,
  };
}
