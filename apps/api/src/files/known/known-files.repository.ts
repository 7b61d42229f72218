import { LEAST_KNOWN_BYTES, type KnownFilesQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from '../entries/entry-rows';

const MOST = 20;

/** Files that may be the one that somebody is about to send. What is corrupted is none of them: theirs may be right. */
@Injectable()
export class KnownFilesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Files of this size, of LEAST_KNOWN_BYTES at least, on all drives that a user may see, the newest first. */
  async findLarge(userId: string, { size, filename }: KnownFilesQuery): Promise<Entry[]> {
    const rows: RawEntryRow[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS} from file_metadata
       where kind = 'file' and size >= ${LEAST_KNOWN_BYTES} and size = $1 and ($2::text is null or filename = $2)
         and nature = 'plain' and corrupted_at is null and ${VISIBLE}
         and drive_id in (select g.drive_id from drive_grants g where g.user_id = $3)
       order by upload_date desc, id limit ${MOST}`,
      [size, filename ?? null, userId],
    );
    return rows.map(toEntry);
  }

  /** The same in one folder, also of small files. */
  async findIn(folderId: string, { size, filename }: KnownFilesQuery): Promise<Entry[]> {
    const rows: RawEntryRow[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS} from file_metadata
       where parent_id = $1 and kind = 'file' and size = $2 and ($3::text is null or filename = $3)
         and nature = 'plain' and corrupted_at is null and ${VISIBLE}
       order by upload_date desc, id limit ${MOST}`,
      [folderId, size, filename ?? null],
    );
    return rows.map(toEntry);
  }
}
