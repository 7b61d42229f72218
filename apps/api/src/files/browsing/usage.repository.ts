import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import { VISIBLE } from '../entries/entry-rows';

/** An entry as a usage map needs it; sizes in bytes, of a folder of all that is in it. */
export interface UsageRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly filename: string;
  readonly kind: 'file' | 'folder';
  readonly contentType: string | null;
  readonly size: number;
  readonly fileCount: number;
  /** Entries directly in it. */
  readonly childCount: number;
}

interface RawUsageRow extends Omit<UsageRow, 'size' | 'fileCount' | 'childCount'> {
  readonly size: string;
  readonly fileCount: string;
  readonly childCount: string;
}

const COLUMNS = `id, parent_id as "parentId", filename, kind, content_type as "contentType", size,
  coalesce(file_count, 1) as "fileCount", coalesce(child_count, 0) as "childCount"`;

/** Reads what takes the room: what folders hold is kept in their rows, so nothing is walked or added up. */
@Injectable()
export class UsageRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async readOne(id: string): Promise<UsageRow | null> {
    const rows: RawUsageRow[] = await this.dataSource.query(
      `select ${COLUMNS} from file_metadata where id = $1 and ${VISIBLE}`,
      [id],
    );
    return rows.map(toUsageRow)[0] ?? null;
  }

  /**
   * The largest entries of some folders, the largest first.
   * @param perFolder how many of each at most, and `most` how many in all
   */
  async readLargest(
    folderIds: readonly string[],
    { perFolder, most }: { readonly perFolder: number; readonly most: number },
  ): Promise<UsageRow[]> {
    // A walk from the end of the index by size for each folder and kind.
    const largest = (kind: string) =>
      `(select * from file_metadata where parent_id = asked.folder_id and kind = '${kind}' and ${VISIBLE}
        order by size desc, id desc limit $2)`;
    const rows: RawUsageRow[] = await this.dataSource.query(
      `select ${COLUMNS} from unnest($1::uuid[]) as asked (folder_id)
       cross join lateral (
         select * from (${largest('folder')} union all ${largest('file')}) both_kinds
         order by size desc, id desc limit $2
       ) found
       order by size desc, id desc limit $3`,
      [folderIds, perFolder, most],
    );
    return rows.map(toUsageRow);
  }
}

function toUsageRow(row: RawUsageRow): UsageRow {
  return {
    ...row,
    size: Number(row.size),
    fileCount: Number(row.fileCount),
    childCount: Number(row.childCount),
  };
}
