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

/** What a file becomes whose commit is over. */
export const COMMITTED = `state = 'live', staged_name = null, lease_holder = null, lease_until = null`;

/** What an entry becomes whose write is over, by the folder that it lies in then. */
export const atRestIn = (
  parentId: string,
) => `state = case when is_trash(${parentId}) then 'trashed' else 'live' end,
    trash_id = case when is_trash(${parentId}) then trash_id end,
    trashed_at = case when is_trash(${parentId}) then trashed_at end,
    trashed_from = case when is_trash(${parentId}) then trashed_from end`;
export const AT_REST = atRestIn('parent_id');

/** And whose move is. */
export const MOVED = `${AT_REST}, source_filename = null, source_parent_id = null, lease_holder = null,
  lease_until = null, version = version + 1`;

/** @param path how the path is told, by SQL: that of one folder does for all in it */
export const entryColumns = (
  path: string,
) => `id, drive_id as "driveId", parent_id as "parentId", kind, filename, content_type as "contentType",
  size, ${path} as "storagePath", encode(sha256, 'hex') as sha256, upload_date as "uploadDate",
  modified_at as "modifiedAt", tags, inode, nature, link_target as "linkTarget", file_count as "fileCount",
  folder_count as "folderCount", corrupted_at as "corruptedAt", trashed_from as "trashedFrom", scan, version`;

export const ENTRY_COLUMNS = entryColumns('entry_path(id)');

/**
 * Of many entries, none a root, whose folders are asked for their paths once each. To be selected from a `many` and
 * `pathsOf(many)`, joined by `IN_FOLDERS`.
 */
export const ENTRY_COLUMNS_OF_MANY = entryColumns(
  `case when folder_path = '' then filename else folder_path || '/' || filename end`,
);

export const UNFINISHED_COLUMNS_OF_MANY = `${ENTRY_COLUMNS_OF_MANY}, state, staged_name as "stagedName",
  source_filename as "sourceFilename", source_parent_id as "sourceParentId", moves_id as "movesId", replacement,
  uploaded_by as "uploadedBy", source_folder_path as "sourceFolderPath"`;

/** @param many the name of a common table expression that has rows of file_metadata */
export const pathsOf = (many: string) => `folder_paths as (
    select folder_id, entry_path(folder_id) as path from (
      select parent_id as folder_id from ${many} union select source_parent_id from ${many} where state = 'moving'
    ) folders)`;

export const IN_FOLDERS = `join folder_paths folders (folder_id, folder_path) on folder_id = parent_id
  left join folder_paths sources (source_id, source_folder_path) on source_id = source_parent_id and state = 'moving'`;

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
