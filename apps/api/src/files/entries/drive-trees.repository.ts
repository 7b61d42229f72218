import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import { foldName } from './folded-name';
import { sortKeyOf } from './sort-key';

/** What each drive has before anything is in it: a root, and a trash. */
@Injectable()
export class DriveTreesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The root of a drive, which bears its name: added where there is none yet. */
  async putRoot(root: { id: string; driveId: string; filename: string }): Promise<void> {
    await this.dataSource.query(
      `insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
         folder_count, upload_date, modified_at, state)
       values ($1, $2, 'folder', $3, $4, $5, 0, 0, 0, 0, now(), now(), 'live')
       on conflict (id) do update set filename = excluded.filename, sort_key = excluded.sort_key,
         folded_name = excluded.folded_name, version = file_metadata.version + 1
       where file_metadata.filename <> excluded.filename`,
      [root.id, root.driveId, root.filename, sortKeyOf(root.filename), foldName(root.filename)],
    );
  }

  /** The trash of a drive, which has no parent and is named by its path: added where there is none yet. */
  async putTrash(trash: { id: string; driveId: string; path: string }): Promise<void> {
    await this.dataSource.query(
      `insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
         folder_count, upload_date, modified_at, state)
       values ($1, $2, 'folder', $3, '', $3, 0, 0, 0, 0, now(), now(), 'trash')
       on conflict (drive_id) where state = 'trash' do nothing`,
      [trash.id, trash.driveId, trash.path],
    );
  }
}
