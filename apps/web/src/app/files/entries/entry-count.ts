import type { FileMetadata } from '@homeserver/dto';
import { bytesText, countOf } from '@homeserver/ui';

type Counted = Pick<FileMetadata, 'kind' | 'nature' | 'size' | 'fileCount' | 'folderCount'>;

/** `3 files`, `1 folder`; `4 items` where there are both. */
export function countOfEntries(entries: readonly Pick<FileMetadata, 'kind'>[]): string {
  const folders = entries.filter(({ kind }) => kind === 'folder').length;
  if (folders === 0) return countOf(entries.length, 'file');
  return countOf(entries.length, folders === entries.length ? 'folder' : 'item');
}

/** One by its name, several by their count: `“a.txt”`, `3 files`. */
export function nameEntries(entries: readonly Pick<FileMetadata, 'kind' | 'filename'>[]): string {
  const [only] = entries;
  return entries.length === 1 && only !== undefined
    ? `“${only.filename}”`
    : countOfEntries(entries);
}

/** What a folder holds: `214 files, 3 folders`, `Empty`; with all below it. */
export function contentsOf({ fileCount, folderCount }: Counted): string {
  const parts = [
    ...(fileCount ? [countOf(fileCount, 'file')] : []),
    ...(folderCount ? [countOf(folderCount, 'folder')] : []),
  ];
  return parts.length === 0 ? 'Empty' : parts.join(', ');
}

/** The size of an entry for its row; empty where it has none, such as a link. */
export function sizeText({ nature, size }: Counted): string {
  return nature === 'plain' ? bytesText(size) : '';
}

/** Of all together, with what is in folders. */
export function totalSizeText(entries: readonly Pick<FileMetadata, 'size'>[]): string {
  return bytesText(entries.reduce((sum, { size }) => sum + size, 0));
}
