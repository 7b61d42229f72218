import type { FileMetadata, FileSort, SortOrder } from '@homeserver/dto';

import { compareText, sortKeyOf } from './name-order';

/** Below 0 when `left` is listed first. */
export type EntryOrder = (left: FileMetadata, right: FileMetadata) => number;

const KEYS: Readonly<Record<FileSort, EntryOrder>> = {
  name: compareNames,
  size: (left, right) => left.size - right.size,
  // ISO 8601 in UTC: the order of the texts is that of the times.
  uploadDate: (left, right) => compareText(left.uploadDate, right.uploadDate),
  modifiedAt: (left, right) => compareText(left.modifiedAt, right.modifiedAt),
};

/** The order in which the server lists, for a sort key and a direction; ties go by name, then by id. */
export function entryOrder(sort: FileSort, order: SortOrder): EntryOrder {
  const sign = order === 'asc' ? 1 : -1;
  const key = KEYS[sort];
  return (left, right) =>
    sign * (key(left, right) || compareNames(left, right) || compareText(left.id, right.id));
}

function compareNames(left: FileMetadata, right: FileMetadata): number {
  const kinds = Number(left.kind === 'file') - Number(right.kind === 'file');
  return (
    kinds ||
    compareText(sortKeyOf(left.filename), sortKeyOf(right.filename)) ||
    compareText(left.filename, right.filename)
  );
}
