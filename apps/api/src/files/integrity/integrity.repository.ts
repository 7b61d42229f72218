import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { TimePosition } from '../../platform/http/time-cursor';
import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry } from '../entries/entry-rows';
import { PRESENT, READ_FILES, READ_VERSIONS } from './verification-store.repository';

/** How long a file is taken for what it was when it was read last. */
const READ_EVERY = `interval '30 days'`;
/** What is corrupted is looked at more often: somebody may have put the right one in its place. */
const CORRUPTED_READ_EVERY = `interval '1 day'`;

/** A corrupted file, and where a page of them ends. */
export interface CorruptedEntry {
  readonly entry: Entry;
  readonly foundAt: Date;
  readonly isTrashed: boolean;
  /** null: the file itself. */
  readonly versionId: string | null;
  /** Of the version, else of the file. */
  readonly key: string;
}

/** Which files are to be read anew, and which were found to be corrupted. */
@Injectable()
export class IntegrityRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Drives of which nobody has begun to read all for a month. */
  async findDueDrives(): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from drives where coalesce(verified_at, created_at) < now() - ${READ_EVERY} order by id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Corrupted files, a thousand of a drive at most, that were not read for a day, or never since a copy found them so. */
  async findCorruptedDue(driveId: string): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from file_metadata where drive_id = $1 and corrupted_at is not null and ${READ_FILES}
         and coalesce(verified_at < now() - ${CORRUPTED_READ_EVERY}, true) order by id limit 1000`,
      [driveId],
    );
    return rows.map(({ id }) => id);
  }

  /** How many bytes there are to read on a drive, those of its trash and of earlier contents included. */
  async readBytesDue(driveId: string, before: Date): Promise<number> {
    const rows: { bytes: number }[] = await this.dataSource.query(
      `select (
         (select coalesce(sum(size), 0) from file_metadata
          where drive_id = $1 and ${READ_FILES} and (verified_at is null or verified_at < $2))
         + (select coalesce(sum(size), 0) from file_versions
            where drive_id = $1 and ${READ_VERSIONS}
              and (verified_at is null or verified_at < $2))
       )::float8 as bytes`,
      [driveId, before],
    );
    return rows[0]?.bytes ?? 0;
  }

  /** All files of a drive were read. @param began before the first of them */
  async setVerified(driveId: string, began: Date): Promise<void> {
    await this.dataSource.query(`update drives set verified_at = $2 where id = $1`, [
      driveId,
      began,
    ]);
  }

  /** A page of what is corrupted on drives that somebody may see, what was found last first. */
  async listCorrupted(
    userId: string,
    driveId: string | null,
    { after, limit }: { after: TimePosition | null; limit: number },
  ): Promise<CorruptedEntry[]> {
    const rows: (RawEntryRow & Omit<CorruptedEntry, 'entry'>)[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS}, trash_id is not null as "isTrashed", version_id as "versionId", found_at as "foundAt", key
       from (
         select id as key, id as entry_id, null::uuid as version_id, drive_id as lies_on, corrupted_at as found_at
         from file_metadata where corrupted_at is not null
         union all
         select id, file_id, id, drive_id, corrupted_at from file_versions
         where corrupted_at is not null and removed_at is null
       ) as corrupted join file_metadata on id = entry_id
       where ${PRESENT}
         and drive_id in (select g.drive_id from drive_grants g where g.user_id = $1)
         and ($2::uuid is null or lies_on = $2)
         and ($3::timestamptz is null or (found_at, key) < ($3, $4::uuid))
       order by found_at desc, key desc limit $5`,
      [userId, driveId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map(({ isTrashed, versionId, foundAt, key, ...row }) => {
      return { entry: toEntry(row), isTrashed, versionId, foundAt, key };
    });
  }
}
