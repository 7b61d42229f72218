import type { Entry, Replacement, UnfinishedEntry } from './entry';
import { joinPath } from './storage-path';

/** A write that takes longer than this without a sign of life is taken up by recovery. */
export const LEASE = `now() + interval '2 minutes'`;

/** Entries in these states exist for those outside; not those on their way to the trash, or out of it. */
export const VISIBLE = `state in ('live', 'moving', 'replacing') and trash_id is null`;

/** Those of entries in the middle of a write. */
export const UNFINISHED = `state in ('committing', 'moving', 'deleting', 'replacing')`;

/** Of entries that are about to be committed: the uploads in parts that their bytes came by, if any. */
export const finishUploads = (
  ids: string,
) => `update uploads u set file_id = f.id, finished_at = now(), lease_holder = null,
  lease_until = null from file_metadata f where f.id ${ids} and u.staged_name = f.staged_name and u.finished_at is null`;

/** Of the entry $1. */
export const FINISH_UPLOAD = finishUploads('= $1');

/** @param path how the path is told, by SQL: that of one folder does for all in it */
export const entryColumns = (
  path: string,
) => `id, drive_id as "driveId", parent_id as "parentId", kind, filename, content_type as "contentType",
  size, ${path} as "storagePath", encode(sha256, 'hex') as sha256, upload_date as "uploadDate",
  modified_at as "modifiedAt", tags, inode, nature, link_target as "linkTarget", file_count as "fileCount",
  folder_count as "folderCount", corrupted_at as "corruptedAt", trashed_from as "trashedFrom", scan, version`;

export const ENTRY_COLUMNS = entryColumns('entry_path(id)');

export const UNFINISHED_COLUMNS = `${ENTRY_COLUMNS}, state, staged_name as "stagedName", source_filename as "sourceFilename",
  source_parent_id as "sourceParentId", moves_id as "movesId", replacement, uploaded_by as "uploadedBy",
  case when state = 'moving' then entry_path(source_parent_id) end as "sourceFolderPath"`;

/** A row as the driver gives it: whole numbers beyond 53 bits are texts. */
export interface RawEntryRow extends Omit<Entry, 'size' | 'inode' | 'fileCount' | 'folderCount'> {
  readonly size: string;
  readonly fileCount: string | null;
  readonly folderCount: string | null;
  readonly inode: string | null;
}

export interface RawUnfinishedRow extends RawEntryRow {
  readonly state: UnfinishedEntry['state'];
  readonly stagedName: string | null;
  readonly sourceFilename: string | null;
  readonly sourceParentId: string | null;
  readonly sourceFolderPath: string | null;
  readonly movesId: string | null;
  readonly replacement: Replacement | null;
  readonly uploadedBy: string | null;
}

export function toEntry(row: RawEntryRow): Entry {
  return {
    ...row,
    size: Number(row.size),
    inode: row.inode === null ? null : BigInt(row.inode),
    fileCount: row.fileCount === null ? null : Number(row.fileCount),
    folderCount: row.folderCount === null ? null : Number(row.folderCount),
  };
}

export function toUnfinished({ sourceFolderPath, ...row }: RawUnfinishedRow): UnfinishedEntry {
  const sourcePath =
    sourceFolderPath === null || row.sourceFilename === null
      ? null
      : joinPath(sourceFolderPath, row.sourceFilename);
  return { ...row, ...toEntry(row), sourcePath };
}
