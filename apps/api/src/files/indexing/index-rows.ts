import type { EntryNature } from '@homeserver/dto';

import { timeOf } from '../../platform/database/time-text';
import type { EntryState } from '../entries/entry';
import { foldName } from '../entries/folded-name';
import { sortKeyOf } from '../entries/sort-key';
import type { DiskEntry } from './disk-entry';

/** What the index knows of a folder, for finding the way to it and whether it has to be read again. */
export interface FolderRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly filename: string;
  /** The time of change that it had when all in it was indexed; null: it is to be read. */
  readonly listedNs: bigint | null;
  readonly nature: EntryNature;
}

/** What the index knows of an entry, for comparing it with the disk. */
export interface IndexedRow {
  readonly id: string;
  readonly parentId: string;
  readonly filename: string;
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: bigint | null;
  readonly birthNs: bigint | null;
  readonly listedNs: bigint | null;
  readonly nature: EntryNature;
  readonly linkTarget: string | null;
  readonly state: EntryState;
  readonly version: number;
}

/** Numbers of what lies in a folder. */
export interface Totals {
  children: number;
  files: number;
  folders: number;
  bytes: number;
}

export function noTotals(): Totals {
  return { children: 0, files: 0, folders: 0, bytes: 0 };
}

/** An entry that is new to the index. */
export interface NewRow {
  id: string;
  parentId: string;
  readonly entry: DiskEntry;
  /** Inside the drive. */
  readonly path: string;
  /** Of a folder: what was found in it so far, and the time of change that it had if that is all. */
  totals: Totals | null;
  listedNs: bigint | null;
}

/** What all rows of one scan have in common. */
export interface RowContext {
  readonly driveId: string;
  /** null: an entry counts as come when it was changed last, as on a drive that is indexed for the first time. */
  readonly uploadedMs: number | null;
}

export const COPIED_COLUMNS = `id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size,
  child_count, file_count, folder_count, upload_date, modified_at, inode, birth_ns, listed_ns, nature, link_target, state`;

/** A row as the text format of COPY has it. */
export function copyLine(row: NewRow, context: RowContext, contentType: string | null): string {
  const { entry, totals } = row;
  const name = escape(entry.name);
  const modified = timeOf(entry.modifiedMs);
  const uploaded = context.uploadedMs === null ? modified : timeOf(context.uploadedMs);
  const counts =
    totals === null
      ? `${entry.size}\t\\N\t\\N\t\\N`
      : `${totals.bytes}\t${totals.children}\t${totals.files}\t${totals.folders}`;
  const link = entry.linkTarget === null ? '\\N' : escape(entry.linkTarget);
  return `${row.id}\t${context.driveId}\t${row.parentId}\t${entry.kind}\t${name}\t${escape(sortKeyOf(entry.name))}\t${escape(foldName(entry.name))}\t${contentType ?? '\\N'}\t${counts}\t${uploaded}\t${modified}\t${entry.inode}\t${entry.birthNs ?? '\\N'}\t${row.listedNs ?? '\\N'}\t${entry.nature}\t${link}\tlive\n`;
}

const SPECIAL = /[\\\t\n\r]/;
const ALL_SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? character)
    : text;
}
