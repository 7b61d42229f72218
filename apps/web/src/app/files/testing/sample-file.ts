import type { FileMetadata, FilePage } from '@homeserver/dto';

import type { FilesView } from '../listing/files-view';
import type { ListScope } from '../listing/list-changes';

export const DRIVE_ID = '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c';
export const FOLDER_ID = '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c';

export const PLAIN_VIEW: FilesView = { tags: [], text: '', sort: 'name', order: 'asc' };

export function sampleScope(view: Partial<FilesView> = {}): ListScope {
  return { driveId: DRIVE_ID, folderId: FOLDER_ID, path: '', view: { ...PLAIN_VIEW, ...view } };
}

/** A file whose id is its name, for tests. */
export function sampleFile(filename: string, changes: Partial<FileMetadata> = {}): FileMetadata {
  return {
    id: filename,
    kind: 'file',
    driveId: DRIVE_ID,
    parentId: FOLDER_ID,
    filename,
    contentType: 'text/plain',
    size: 100,
    storagePath: filename,
    sha256: null,
    uploadDate: '2026-08-14T10:00:00.000Z',
    modifiedAt: '2026-08-14T10:00:00.000Z',
    tags: [],
    nature: 'plain',
    linkTarget: null,
    fileCount: null,
    folderCount: null,
    corruptedAt: null,
    version: 1,
    ...changes,
  };
}

/** A folder whose id is its name, for tests. */
export function sampleFolder(filename: string, changes: Partial<FileMetadata> = {}): FileMetadata {
  const folder = { kind: 'folder', contentType: null, fileCount: 0, folderCount: 0 } as const;
  return sampleFile(filename, { ...folder, ...changes });
}

/** `file 1`, `file 2` and so on, in the order of their names. */
export function sampleFiles(count: number): FileMetadata[] {
  return Array.from({ length: count }, (_, index) => sampleFile(`file ${index + 1}`));
}

/** What a server with these files would answer; cursors are positions. */
export function pageOf(
  files: readonly FileMetadata[],
  limit: number,
  cursor: string | null,
): FilePage {
  const start = cursor === null ? 0 : Number(cursor);
  const end = start + limit;
  return {
    items: files.slice(start, end),
    nextCursor: end < files.length ? String(end) : null,
    ...(cursor === null ? { total: files.length } : {}),
  };
}
