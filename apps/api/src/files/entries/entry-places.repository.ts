import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { VERSIONS_PATH } from '../../platform/filesystem/own-folder';

/** Where bytes lie while they are on their way. */
@Injectable()
export class EntryPlaces {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Where the bytes of an entry may lie: while it, or a folder above it, is moved, under either name; while it gets
   * another content, also where the former one is kept.
   */
  async find(id: string): Promise<string[]> {
    const rows: { path: string }[] = await this.dataSource.query(
      `with recursive up as (
         select p.at, p.path from file_metadata f cross join lateral (
           select f.parent_id as at, f.filename as path
           union all select f.source_parent_id, f.source_filename where f.state = 'moving'
         ) p where f.id = $1
         union all
         select n.at, n.filename || '/' || u.path from up u join file_metadata f on f.id = u.at
         cross join lateral (
           select f.parent_id as at, f.filename where f.parent_id is not null
           union all select f.source_parent_id, f.source_filename where f.state = 'moving'
         ) n
       ) select case when root.state = 'trash' then root.filename || '/' || u.path else u.path end as path
       from up u join file_metadata root on root.id = u.at where root.parent_id is null
       union all
       select $2 || '/' || id || '/' || (replacement ->> 'versionId') from file_metadata
       where id = $1 and state = 'replacing'`,
      [id, VERSIONS_PATH],
    );
    return rows.map(({ path }) => path);
  }
}
