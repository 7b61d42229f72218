import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import type { StoredFile } from '../../drives';
import type { Entry, Replacement } from '../entries/entry';
import {
  ENTRY_COLUMNS,
  FINISH_UPLOAD,
  LEASE,
  type RawEntryRow,
  toEntry,
} from '../entries/entry-rows';
import { joinPath } from '../entries/storage-path';

/** Whether bytes of the size $2 and the time $3 are those that the index knows. */
const AS_INDEXED = `size = $2 and modified_at = $3::timestamptz`;
/** Whether nobody has written to such bytes, although some of them may be lost: see hasLostBytes. */
const UNWRITTEN = `size >= $2 and modified_at = $3::timestamptz`;

/** A file that has got another content, and how large the former one was, as it was counted. */
export interface FinishedReplacement {
  readonly entry: Entry;
  readonly formerSize: number;
  /** The version that the former content has become, where it turned out only now that it is corrupted. */
  readonly damagedVersionId: string | null;
}

/** A file, and an earlier content of it that turned out to be corrupted. */
export interface DamagedVersion {
  readonly entry: Entry;
  readonly versionId: string;
}

/** A row in a replacement. */
interface Former {
  readonly size: string;
  /** Of the content that is to come. */
  readonly corruptedAt: string | null;
  readonly wasSound: boolean;
}

/** The rows of files that get another content. */
@Injectable()
export class ReplacementsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * The intent. The folder is not moved or deleted meanwhile.
   * @returns where the file lies; null when it is no longer what `version` says, or its folder is not at rest
   */
  async begin(
    { id, driveId, version, filename }: Entry,
    what: { readonly stagedName: string; readonly replacement: Replacement },
    leaseHolder: string,
  ): Promise<string | null> {
    const [rows]: [{ folderPath: string }[], number] = await this.dataSource.query(
      `update file_metadata set state = 'replacing', staged_name = $3, replacement = $4, lease_holder = $5,
         lease_until = ${LEASE}
       where id = $1 and version = $2 and drive_id = $6 and state = 'live' and kind = 'file' and nature in ('plain', 'unreadable')
         and hold_folder(parent_id, drive_id) is not null
       returning hold_folder(parent_id, drive_id) as "folderPath"`,
      [id, version, what.stagedName, what.replacement, leaseHolder, driveId],
    );
    return rows[0] === undefined ? null : joinPath(rows[0].folderPath, filename);
  }

  /**
   * The end: the file has its new content, and the former one is a version. Whoever takes it: where the bytes came by an
   * upload in parts, that is finished with it.
   * @param kept the former content as it lies on the drive; null where there was none
   * @returns null when the row is in no replacement any more
   */
  async finish(
    id: string,
    kept: StoredFile | null,
    manager: EntityManager,
  ): Promise<FinishedReplacement | null> {
    const former = await this.lock(id, manager);
    if (former === null) return null;
    const damagedVersionId = await this.keep(id, kept, former, manager);
    await manager.query(FINISH_UPLOAD, [id]);
    const [rows]: [RawEntryRow[], number] = await manager.query(
      `update file_metadata set state = 'live', staged_name = null, replacement = null, lease_holder = null,
         lease_until = null, size = (replacement ->> 'size')::bigint, sha256 = decode(replacement ->> 'sha256', 'hex'),
         content_type = replacement ->> 'contentType', scan = replacement ->> 'scan',
         uploaded_by = (replacement ->> 'uploadedBy')::uuid, modified_at = (replacement ->> 'modifiedAt')::timestamptz,
         inode = (replacement ->> 'inode')::numeric, birth_ns = (replacement ->> 'birthNs')::numeric,
         nature = 'plain', upload_date = now(), version = version + 1, verified_at = null, corrupted_at = null
       where id = $1 returning ${ENTRY_COLUMNS}`,
      [id],
    );
    if (rows[0] === undefined) throw new Error('A file is gone whose row is locked.');
    const { size, corruptedAt } = former;
    const entry = toEntry(rows[0]);
    const marked = corruptedAt === null ? entry : await this.mark(entry, corruptedAt, manager);
    return { entry: marked, formerSize: Number(size), damagedVersionId };
  }

  /**
   * Undoes the intent.
   * @param kept the content that it had, where that is not under its name any more: it becomes a version; else null
   * @returns the file, where it turned out only now that this content is corrupted; else null
   */
  async undo(
    id: string,
    kept: StoredFile | null,
    manager: EntityManager,
  ): Promise<DamagedVersion | null> {
    const former = await this.lock(id, manager);
    if (former === null) return null;
    const damagedVersionId = await this.keep(id, kept, former, manager);
    const [rows]: [RawEntryRow[], number] = await manager.query(
      `update file_metadata set state = 'live', staged_name = null, replacement = null, lease_holder = null,
         lease_until = null where id = $1 returning ${ENTRY_COLUMNS}`,
      [id],
    );
    if (rows[0] === undefined || damagedVersionId === null) return null;
    return { entry: toEntry(rows[0]), versionId: damagedVersionId };
  }

  /** null when the row is in no replacement any more. */
  private async lock(id: string, manager: EntityManager): Promise<Former | null> {
    const rows: Former[] = await manager.query(
      `select size, replacement ->> 'corruptedAt' as "corruptedAt", corrupted_at is null as "wasSound"
       from file_metadata where id = $1 and state = 'replacing' for update`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** @returns the id of the version that it has become, where it turned out only now that this is corrupted */
  private async keep(
    id: string,
    kept: StoredFile | null,
    { wasSound }: Former,
    manager: EntityManager,
  ): Promise<string | null> {
    const version = kept === null ? null : await this.insertVersion(id, kept, manager);
    return wasSound && version?.isCorrupted === true ? version.id : null;
  }

  /** By a statement of its own: with another hash a trigger takes away the mark of the content before. */
  private async mark(entry: Entry, corruptedAt: string, manager: EntityManager): Promise<Entry> {
    await manager.query(`update file_metadata set corrupted_at = $2 where id = $1`, [
      entry.id,
      corruptedAt,
    ]);
    return { ...entry, corruptedAt: new Date(corruptedAt) };
  }

  /**
   * The hash, and what was said of the bytes, is known where nobody has written to them since. What has lost some of
   * them keeps the hash of all, and is corrupted.
   */
  private async insertVersion(
    id: string,
    { size, modifiedAt }: StoredFile,
    manager: EntityManager,
  ): Promise<{ id: string; isCorrupted: boolean } | null> {
    const rows: { id: string; isCorrupted: boolean }[] = await manager.query(
      `insert into file_versions
         (id, file_id, drive_id, kept_under, size, sha256, content_type, scan, uploaded_by, modified_at,
          replaced_at, replaced_by, corrupted_at)
       select (replacement ->> 'versionId')::uuid, id, drive_id, id, $2::bigint,
         case when ${UNWRITTEN} then sha256 end, content_type, case when ${AS_INDEXED} then scan end, uploaded_by,
         $3, now(), replacement ->> 'by',
         case when ${AS_INDEXED} then corrupted_at when ${UNWRITTEN} and sha256 is not null then coalesce(corrupted_at, now()) end
       from file_metadata where id = $1
       returning id, corrupted_at is not null as "isCorrupted"`,
      [id, size, modifiedAt],
    );
    return rows[0] ?? null;
  }
}
