import type { FileMetadata } from '@homeserver/dto';

import { timeOf } from '../../platform/database/time-text';
import type { NewRow, RowContext } from './index-rows';
import { typeOfEntry } from './type-by-name';

/** What those outside see of an entry that the index has just learnt of. */
export function metadataOf(row: NewRow, { driveId, uploadedMs }: RowContext): FileMetadata {
  const { entry, totals } = row;
  return {
    id: row.id,
    kind: entry.kind,
    driveId,
    parentId: row.parentId,
    filename: entry.name,
    contentType: typeOfEntry(entry),
    size: totals?.bytes ?? entry.size,
    storagePath: row.path,
    sha256: null,
    uploadDate: timeOf(uploadedMs ?? entry.modifiedMs),
    modifiedAt: timeOf(entry.modifiedMs),
    tags: [],
    nature: entry.nature,
    linkTarget: entry.linkTarget,
    fileCount: totals?.files ?? null,
    folderCount: totals?.folders ?? null,
    corruptedAt: null,
    version: 1,
  };
}
