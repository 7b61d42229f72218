import type { UsageNode } from '@homeserver/dto';

import type { UsageRow } from './usage.repository';

/** The entries that a map tells one by one, by the folder that they lie in, the largest first. */
export type RowsByFolder = ReadonlyMap<string, readonly UsageRow[]>;

/** Puts a map together; what is in a folder and not among the rows is added up in its `rest`. */
export function usageMapOf(row: UsageRow, below: RowsByFolder): UsageNode {
  const rows = row.kind === 'folder' ? (below.get(row.id) ?? []) : [];
  return {
    id: row.id,
    filename: row.filename,
    kind: row.kind,
    contentType: row.contentType,
    size: row.size,
    fileCount: row.fileCount,
    children: rows.map((child) => usageMapOf(child, below)),
    rest: restOf(row, rows),
  };
}

function restOf(row: UsageRow, told: readonly UsageRow[]): UsageNode['rest'] {
  // Never below nothing: an entry may come or go between two reads.
  const entryCount = Math.max(0, row.childCount - told.length);
  if (entryCount === 0) return null;
  const toldBytes = told.reduce((sum, { size }) => sum + size, 0);
  return { entryCount, size: Math.max(0, row.size - toldBytes) };
}
