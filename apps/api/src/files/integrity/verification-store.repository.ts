import type { Client } from 'pg';

import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry } from '../entries/entry-rows';
import type { VerifyWish } from '../indexing/index-protocol';
import { VERSIONS_PATH } from '../../platform/filesystem/own-folder';

/** A file whose bytes are to be compared with what is known of them. */
export interface HashedFile {
  readonly id: string;
  /** Inside the drive; of what is in the trash, there. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: bigint | null;
  /** Lowercase hex. */
  readonly sha256: string;
}

type RawFile = Omit<HashedFile, 'inode'> & { readonly inode: string | null };

/** What of the rows has bytes that can be compared with a hash. */
export const READ_FILES = `kind = 'file' and nature = 'plain' and sha256 is not null and state in ('live', 'trashed')`;
export const READ_VERSIONS = `sha256 is not null and removed_at is null`;
/** Files that are somewhere: not those that somebody has taken away. */
export const PRESENT = `state in ('live', 'moving', 'replacing', 'trashed')`;

const DUE_FILES = `select id, entry_path(id) as path, size::float8 as size, inode, encode(sha256, 'hex') as sha256,
    (extract(epoch from modified_at) * 1000)::float8 as "modifiedMs"
  from file_metadata
  where drive_id = $1 and ${READ_FILES} and (verified_at is null or verified_at < $2)
    and ($3::uuid is null or id > $3) and ($4::uuid[] is null or id = any ($4))
  order by id limit $5`;

const DUE_VERSIONS = `select id, '${VERSIONS_PATH}/' || kept_under || '/' || id as path, size::float8 as size,
    null as inode, encode(sha256, 'hex') as sha256, (extract(epoch from modified_at) * 1000)::float8 as "modifiedMs"
  from file_versions
  where drive_id = $1 and ${READ_VERSIONS} and (verified_at is null or verified_at < $2)
    and ($3::uuid is null or id > $3) and ($4::uuid[] is null or id = any ($4))
  order by id limit $5`;

const READ = `unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) as v (read_id, read_sha256, read_size, read_ms)`;
/** Whether a row f is still what it was when it was read. */
const IS_AS_READ = `f.id = read_id and f.sha256 = decode(read_sha256, 'hex') and f.size = read_size
  and (extract(epoch from f.modified_at) * 1000)::bigint = read_ms`;

/** Which files are to be read anew, and what came of it. Over a connection of its own. */
export class VerificationStore {
  constructor(private readonly client: Client) {}

  /** Files of a drive and of its trash, or earlier contents, in the order of their ids, which is that in which they came. */
  async readDue(
    driveId: string,
    { of, before, after, ids }: VerifyWish,
    limit: number,
  ): Promise<HashedFile[]> {
    const { rows } = await this.client.query<RawFile>(of === 'files' ? DUE_FILES : DUE_VERSIONS, [
      driveId,
      before,
      after,
      ids,
      limit,
    ]);
    return rows.map((row) => ({
      ...row,
      modifiedMs: Math.round(row.modifiedMs),
      inode: row.inode === null ? null : BigInt(row.inode),
    }));
  }

  /**
   * These were read, and are as they should be. Nothing happens to what has changed since it was read.
   * @returns those that were taken for corrupted until now, and are not in the trash: nobody lists these
   */
  async setVerified(files: readonly HashedFile[]): Promise<Entry[]> {
    if (files.length === 0) return [];
    const found = [
      files.map(({ id }) => id),
      files.map(({ sha256 }) => sha256),
      files.map(({ size }) => size),
      files.map(({ modifiedMs }) => modifiedMs),
    ];
    await this.client.query(
      `update file_metadata f set verified_at = now() from ${READ} where ${IS_AS_READ} and f.corrupted_at is null`,
      found,
    );
    const { rows } = await this.client.query<RawEntryRow & { isTrashed: boolean }>(
      `update file_metadata f set verified_at = now(), corrupted_at = null, version = f.version + 1
       from ${READ} where ${IS_AS_READ} and f.corrupted_at is not null
       returning ${ENTRY_COLUMNS}, state = 'trashed' as "isTrashed"`,
      found,
    );
    return rows.flatMap(({ isTrashed, ...row }) => (isTrashed ? [] : [toEntry(row)]));
  }

  /**
   * The bytes of a file are others than those that were stored. Nothing happens when it has changed since it was read.
   * @returns null when that was known already, or is not so any more
   */
  async setCorrupted({ id, sha256, size, modifiedMs }: HashedFile): Promise<Entry | null> {
    const { rows } = await this.client.query<RawEntryRow & { isNew: boolean }>(
      `update file_metadata f set verified_at = now(), corrupted_at = coalesce(f.corrupted_at, now()),
         version = f.version + case when f.corrupted_at is null then 1 else 0 end
       from (select b.id as before_id, b.corrupted_at is null as is_new from file_metadata b where b.id = $1) as before
       where f.id = before.before_id and f.sha256 = decode($2, 'hex') and f.size = $3
         and (extract(epoch from f.modified_at) * 1000)::bigint = $4 and f.state in ('live', 'trashed')
       returning ${ENTRY_COLUMNS}, before.is_new as "isNew"`,
      [id, sha256, size, modifiedMs],
    );
    const [row] = rows;
    if (row === undefined || !row.isNew) return null;
    const { isNew: _isNew, ...entry } = row;
    return toEntry(entry);
  }

  /** These earlier contents were read, and are as they should be. */
  async setVersionsVerified(versions: readonly HashedFile[]): Promise<void> {
    await this.client.query(
      `update file_versions set verified_at = now(), corrupted_at = null where id = any ($1)`,
      [versions.map(({ id }) => id)],
    );
  }

  /**
   * The bytes of an earlier content are others than those that were kept.
   * @returns the file that it is of; null when that was known already, or is not so any more
   */
  async setVersionCorrupted({ id }: HashedFile): Promise<Entry | null> {
    const { rows } = await this.client.query<{ fileId: string; isNew: boolean }>(
      `update file_versions v set verified_at = now(), corrupted_at = coalesce(v.corrupted_at, now())
       from (select b.id as before_id, b.corrupted_at is null as is_new from file_versions b where b.id = $1) as before
       where v.id = before.before_id and v.removed_at is null
       returning v.file_id as "fileId", before.is_new as "isNew"`,
      [id],
    );
    const [found] = rows;
    if (found === undefined || !found.isNew) return null;
    const files = await this.client.query<RawEntryRow>(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1`,
      [found.fileId],
    );
    return files.rows[0] === undefined ? null : toEntry(files.rows[0]);
  }
}
