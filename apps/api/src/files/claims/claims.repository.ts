import { type Claim, MAXIMUM_CLAIMS } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import type { Entry, EntryState } from '../entries/entry';
import { TakeOver, type TakenOver } from './take-over.repository';

/** Of a missing entry, what decides whether it can be claimed. */
export interface MissingEntry {
  readonly id: string;
  readonly kind: 'file' | 'folder';
  readonly filename: string;
  readonly state: EntryState;
  readonly tags: string[];
}

interface ClaimRow extends Omit<Claim, 'modifiedAt' | 'missingSince'> {
  readonly modifiedAt: Date;
  readonly missingSince: Date;
}

/** Missing files that a person may know again. */
@Injectable()
export class ClaimsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * The missing files that a file can be, the best first. A file that was there more than a day before the other was
   * missed is another one, for a scan of a large drive takes less; and all empty files have one content.
   */
  async findClaims(fileId: string): Promise<Claim[]> {
    const rows: ClaimRow[] = await this.dataSource.query(
      `select m.id, m.filename, entry_path(m.id) as path, m.size::float8 as size, m.modified_at as "modifiedAt",
         m.missing_since as "missingSince", m.tags,
         case when same.content then 'content' when same.name then 'name' else 'size_and_time' end as reason
       from file_metadata n
       join file_metadata m on m.drive_id = n.drive_id and m.kind = n.kind and (m.nature = 'link') = (n.nature = 'link')
       cross join lateral (
         select coalesce(m.sha256 = n.sha256, false) and n.size > 0 as content, m.folded_name = n.folded_name as name,
           m.size = n.size and m.modified_at = n.modified_at and n.size > 0 as size_and_time
       ) same
       where n.id = $1 and n.state = 'live' and m.state = 'missing'
         and n.upload_date >= m.missing_since - interval '1 day' and (same.content or same.name or same.size_and_time)
       order by same.content desc, (same.name and same.size_and_time) desc, same.name desc, m.missing_since desc, m.id
       limit $2`,
      [fileId, MAXIMUM_CLAIMS],
    );
    return rows.map((row) => ({
      ...row,
      modifiedAt: row.modifiedAt.toISOString(),
      missingSince: row.missingSince.toISOString(),
    }));
  }

  /** An entry that somebody takes for missing, whatever its state, locked; null when the drive has none. */
  async lockMissing(
    id: string,
    driveId: string,
    manager: EntityManager,
  ): Promise<MissingEntry | null> {
    const rows: MissingEntry[] = await manager.query(
      `select id, kind, filename, state, tags from file_metadata where id = $1 and drive_id = $2 for update`,
      [id, driveId],
    );
    return rows[0] ?? null;
  }

  /** See TakeOver. */
  async lockNew(id: string, manager: EntityManager): Promise<Entry | null> {
    return takeOverBy(manager).lockNew(id);
  }

  /** See TakeOver. */
  async takePlace(removed: Entry, missingId: string, manager: EntityManager): Promise<TakenOver> {
    return takeOverBy(manager).takePlace(removed, missingId);
  }
}

function takeOverBy(manager: EntityManager): TakeOver {
  return new TakeOver((statement, parameters) => manager.query(statement, parameters));
}
