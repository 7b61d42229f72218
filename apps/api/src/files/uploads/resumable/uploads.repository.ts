import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { UNFINISHED as IN_A_WRITE } from '../../entries/entry-rows';
import type { NewUpload, Upload, UploadLease } from './upload';

/** Renewed while bytes come: of a process that died, or whose client froze, it runs out soon. */
const LEASE = `now() + interval '10 seconds'`;
/** Counted from the last byte. */
const KEPT = `now() + interval '7 days'`;
/** For how long it is remembered what became of an upload. */
const REMEMBERED = `interval '24 hours'`;

const COLUMNS = `id, user_id as "userId", drive_id as "driveId", folder_id as "folderId", filename, tags, conflict,
  modified_at as "modifiedAt", sha256, metadata, length, committed_offset as "offset", staged_name as "stagedName",
  case when finished_at is null then expires_at else finished_at + ${REMEMBERED} end as "expiresAt",
  file_id as "fileId", gone_at is not null or (finished_at is null and expires_at <= now()) as "isGone"`;
const KNOWN = `coalesce(finished_at, gone_at, expires_at) > now() - ${REMEMBERED}`;
const UNFINISHED = `finished_at is null and gone_at is null`;
const HELD = `id = $1 and lease_holder = $2 and fence = $3 and ${UNFINISHED}`;

/** A row as the driver gives it: whole numbers beyond 53 bits are texts. */
interface RawUpload extends Omit<Upload, 'length' | 'offset'> {
  readonly length: string;
  readonly offset: string;
}

/** The table `uploads`. */
@Injectable()
export class UploadsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async insert(upload: NewUpload): Promise<Upload> {
    const rows: RawUpload[] = await this.dataSource.query(
      `insert into uploads (id, user_id, drive_id, folder_id, filename, tags, conflict, modified_at, sha256, metadata,
         length, committed_offset, staged_name, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), ${KEPT}) returning ${COLUMNS}`,
      valuesOf(upload),
    );
    return toUpload(first(rows));
  }

  /** One that came to its end with its creation, in the transaction that makes its file. */
  async insertFinished(upload: NewUpload, fileId: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into uploads (id, user_id, drive_id, folder_id, filename, tags, conflict, modified_at, sha256, metadata,
         length, committed_offset, staged_name, created_at, expires_at, file_id, finished_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), ${KEPT}, $14, now())`,
      [...valuesOf({ ...upload, offset: upload.length }), fileId],
    );
  }

  /** null when there is none of that user, or none any more. */
  async find(userId: string, id: string): Promise<Upload | null> {
    const rows: RawUpload[] = await this.dataSource.query(
      `select ${COLUMNS} from uploads where id = $1 and user_id = $2 and ${KNOWN}`,
      [id, userId],
    );
    return rows[0] === undefined ? null : toUpload(rows[0]);
  }

  /** What the unfinished uploads still claim of a drive, and how many the user has of them anywhere. */
  async readClaims(
    userId: string,
    driveId: string,
  ): Promise<{ claimedBytes: number; count: number }> {
    const rows: { claimedBytes: string; count: string }[] = await this.dataSource.query(
      `select (select coalesce(sum(length - committed_offset), 0) from uploads
               where drive_id = $2 and ${UNFINISHED} and expires_at > now()) as "claimedBytes",
              (select count(*) from uploads where user_id = $1 and ${UNFINISHED} and expires_at > now()) as count`,
      [userId, driveId],
    );
    const { claimedBytes, count } = first(rows);
    return { claimedBytes: Number(claimedBytes), count: Number(count) };
  }

  /**
   * Takes the right to write, unless another process has it.
   * @returns the upload as it is now; null when another has it, or when it is over
   */
  async acquire(
    userId: string,
    id: string,
    holder: string,
  ): Promise<{ upload: Upload; lease: UploadLease } | null> {
    const [rows]: [(RawUpload & { fence: number })[], number] = await this.dataSource.query(
      `update uploads set lease_holder = $3, lease_until = ${LEASE}, fence = fence + 1
       where id = $1 and user_id = $2 and ${UNFINISHED} and expires_at > now()
         and (lease_until is null or lease_until < now() or lease_holder = $3)
       returning ${COLUMNS}, fence`,
      [id, userId, holder],
    );
    if (rows[0] === undefined) return null;
    const { fence, ...row } = rows[0];
    return { upload: toUpload(row), lease: { uploadId: id, holder, fence } };
  }

  /** @returns false when the lease is another's by now */
  async renew(lease: UploadLease): Promise<boolean> {
    return this.update(lease, `lease_until = ${LEASE}`, []);
  }

  /** The bytes are on the disk up to there. @returns false when the lease is another's by now */
  async saveOffset(lease: UploadLease, offset: number): Promise<boolean> {
    return this.update(
      lease,
      `committed_offset = $4, expires_at = ${KEPT}, lease_until = ${LEASE}`,
      [offset],
    );
  }

  /** The same, and somebody else may write. */
  async saveOffsetAndRelease(lease: UploadLease, offset: number): Promise<boolean> {
    return this.update(
      lease,
      `expires_at = case when committed_offset = $4 then expires_at else ${KEPT} end,
         committed_offset = $4, lease_holder = null, lease_until = null`,
      [offset],
    );
  }

  async release({ uploadId, holder, fence }: UploadLease): Promise<void> {
    await this.dataSource.query(
      `update uploads set lease_holder = null, lease_until = null
       where id = $1 and lease_holder = $2 and fence = $3`,
      [uploadId, holder, fence],
    );
  }

  /** It comes to nothing: remembered for a while. A finished one is left as it is. */
  async end(id: string): Promise<void> {
    await this.dataSource.query(
      `update uploads set gone_at = now(), lease_holder = null, lease_until = null where id = $1 and ${UNFINISHED}`,
      [id],
    );
  }

  /** One that is a file already is forgotten; the file stays. */
  async forget(id: string): Promise<void> {
    await this.dataSource.query(`update uploads set gone_at = now() where id = $1`, [id]);
  }

  /** The entry that staged bytes are becoming at this moment; null when they become none. */
  async findCommitting(stagedName: string): Promise<string | null> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from file_metadata where ${IN_A_WRITE} and staged_name = $1`,
      [stagedName],
    );
    return rows[0]?.id ?? null;
  }

  /** Those that ran out and that nobody writes to: they come to nothing. */
  async endExpired(limit: number): Promise<{ driveId: string; stagedName: string }[]> {
    const [rows]: [{ driveId: string; stagedName: string }[], number] = await this.dataSource.query(
      `update uploads set gone_at = now(), lease_holder = null, lease_until = null where id in (
           select id from uploads where ${UNFINISHED} and coalesce(finished_at, gone_at, expires_at) <= now()
             and coalesce(lease_until, now()) <= now()
           limit $1 for update skip locked
         ) returning drive_id as "driveId", staged_name as "stagedName"`,
      [limit],
    );
    return rows;
  }

  /** Forgets what was over a while ago. */
  async deleteOver(): Promise<void> {
    await this.dataSource.query(
      `delete from uploads where not (${UNFINISHED}) and coalesce(finished_at, gone_at, expires_at) <= now() - ${REMEMBERED}`,
    );
  }

  private async update(
    { uploadId, holder, fence }: UploadLease,
    assignments: string,
    values: unknown[],
  ): Promise<boolean> {
    const [, count]: [unknown[], number] = await this.dataSource.query(
      `update uploads set ${assignments} where ${HELD}`,
      [uploadId, holder, fence, ...values],
    );
    return count > 0;
  }
}

function valuesOf(upload: NewUpload): unknown[] {
  return [
    upload.id,
    upload.userId,
    upload.driveId,
    upload.folderId,
    upload.filename,
    upload.tags,
    upload.conflict,
    upload.modifiedAt,
    upload.sha256,
    upload.metadata,
    upload.length,
    upload.offset,
    upload.stagedName,
  ];
}

function toUpload(row: RawUpload): Upload {
  return { ...row, length: Number(row.length), offset: Number(row.offset) };
}

function first<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('The database answered without a row.');
  return row;
}
