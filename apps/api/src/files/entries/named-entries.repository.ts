import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { Entry } from './entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from './entry-rows';

/** What has a name in a folder. */
@Injectable()
export class NamedEntries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(parentId: string, filename: string): Promise<Entry | null> {
    const rows: RawEntryRow[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS} from file_metadata where parent_id = $1 and filename = $2 and ${VISIBLE}`,
      [parentId, filename],
    );
    const [row] = rows;
    return row === undefined ? null : toEntry(row);
  }
}
