import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** How many files of a drive are corrupted, and since when that is known of the first of them. */
export interface CorruptedFiles {
  readonly driveId: string;
  readonly count: number;
  readonly since: Date;
}

/** What somebody has taken away is nothing to look after. */
const PRESENT = `state in ('live', 'moving', 'replacing', 'trashed')`;

/** What makes a drive one to look after: told with it, and most of the time nothing. */
@Injectable()
export class CorruptedFilesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Of all drives that have any, those in their trash, and earlier contents, too. */
  async count(): Promise<CorruptedFiles[]> {
    return this.dataSource.query(
      `select drive_id as "driveId", count(*)::integer as count, min(corrupted_at) as since from (
         select drive_id, corrupted_at from file_metadata where corrupted_at is not null and ${PRESENT}
         union all
         select v.drive_id, v.corrupted_at from file_versions v join file_metadata f on f.id = v.file_id and f.${PRESENT}
         where v.corrupted_at is not null and v.removed_at is null
       ) as corrupted group by drive_id`,
    );
  }
}
