import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { Version } from './version';
import type { AgedVersion } from './version-thinning';

const COLUMNS = `id, file_id as "fileId", drive_id as "driveId", kept_under as "keptUnder", size,
  encode(sha256, 'hex') as sha256, content_type as "contentType", scan, modified_at as "modifiedAt",
  replaced_at as "replacedAt", replaced_by as "replacedBy", corrupted_at as "corruptedAt"`;

interface RawVersion extends Omit<Version, 'size'> {
  readonly size: string;
}

/** The earlier contents of files. Those that are being removed are seen by nobody but who removes them. */
@Injectable()
export class VersionsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** What was replaced last comes first. @param before the id of the last one of the page before; null: the first page */
  async list(
    fileId: string,
    { before, limit }: { before: string | null; limit: number },
  ): Promise<Version[]> {
    return this.read(
      `file_id = $1 and removed_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [fileId, before, limit],
    );
  }

  async find(fileId: string, id: string): Promise<Version | null> {
    const found = await this.read(`id = $2 and file_id = $1 and removed_at is null`, [fileId, id]);
    return found[0] ?? null;
  }

  /** From now on nobody sees them. */
  async markRemoved(ids: readonly string[]): Promise<void> {
    await this.dataSource.query(
      `update file_versions set removed_at = now() where id = any ($1) and removed_at is null`,
      [ids],
    );
  }

  /** Their bytes are gone. */
  async delete(ids: readonly string[]): Promise<void> {
    await this.dataSource.query(`delete from file_versions where id = any ($1)`, [ids]);
  }

  /** Those on a drive whose removal was begun. */
  async findRemoved(driveId: string, limit: number): Promise<Version[]> {
    return this.read(`drive_id = $1 and removed_at is not null order by replaced_at, id limit $2`, [
      driveId,
      limit,
    ]);
  }

  /** Those on a drive of files that are no more. */
  async findOrphans(driveId: string, limit: number): Promise<Version[]> {
    return this.read(
      `drive_id = $1 and not exists (select 1 from file_metadata f where f.id = file_versions.file_id)
       order by replaced_at, id limit $2`,
      [driveId, limit],
    );
  }

  /** Files with several earlier contents on a drive, by their ids. @param after the last one of those before */
  async findReplacedOften(driveId: string, after: string, limit: number): Promise<string[]> {
    const rows: { fileId: string }[] = await this.dataSource.query(
      `select file_id as "fileId" from file_versions where drive_id = $1 and file_id > $2 and removed_at is null
       group by file_id having count(*) > 1 order by file_id limit $3`,
      [driveId, after, limit],
    );
    return rows.map(({ fileId }) => fileId);
  }

  async readAges(fileId: string): Promise<AgedVersion[]> {
    return this.dataSource.query(
      `select id, replaced_at as "replacedAt" from file_versions where file_id = $1 and removed_at is null`,
      [fileId],
    );
  }

  async findAll(driveId: string, ids: readonly string[]): Promise<Version[]> {
    return this.read(`drive_id = $1 and id = any ($2) and removed_at is null`, [driveId, ids]);
  }

  /** How many bytes lie on a drive. */
  async readBytes(driveId: string): Promise<number> {
    const rows: { bytes: string }[] = await this.dataSource.query(
      `select coalesce(sum(size), 0) as bytes from file_versions where drive_id = $1 and removed_at is null`,
      [driveId],
    );
    return Number(rows[0]?.bytes ?? 0);
  }

  async findOldest(driveId: string, limit: number): Promise<Version[]> {
    return this.read(`drive_id = $1 and removed_at is null order by replaced_at, id limit $2`, [
      driveId,
      limit,
    ]);
  }

  private async read(condition: string, parameters: unknown[]): Promise<Version[]> {
    const rows: RawVersion[] = await this.dataSource.query(
      `select ${COLUMNS} from file_versions where ${condition}`,
      parameters,
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }
}
