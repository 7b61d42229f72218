import type { Client } from 'pg';

/** A file whose hash is not known. */
export interface UnhashedFile {
  readonly id: string;
  readonly path: string;
  readonly filename: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Which files are still to be hashed, and what came of it. */
export class HashStore {
  constructor(private readonly client: Client) {}

  /** The newest first. @param without those that could not be read */
  async readUnhashed(
    driveId: string,
    limit: number,
    without: readonly string[],
  ): Promise<UnhashedFile[]> {
    const { rows } = await this.client.query<UnhashedFile>(
      `select id, entry_path(id) as path, filename, size::float8 as size,
         (extract(epoch from modified_at) * 1000)::float8 as "modifiedMs"
       from file_metadata
       where drive_id = $1 and kind = 'file' and sha256 is null and nature = 'plain' and state = 'live'
         and not (id = any ($3))
       order by modified_at desc limit $2`,
      [driveId, limit, without],
    );
    return rows.map((row) => ({ ...row, modifiedMs: Math.round(row.modifiedMs) }));
  }

  /** Nothing happens when the file has changed since. */
  async setHash(file: UnhashedFile, sha256: Buffer, contentType: string): Promise<void> {
    await this.client.query(
      `update file_metadata set sha256 = $2, content_type = $3, verified_at = now()
       where id = $1 and state = 'live' and size = $4 and sha256 is null
         and (extract(epoch from modified_at) * 1000)::bigint = $5`,
      [file.id, sha256, contentType, file.size, file.modifiedMs],
    );
  }

  /** The system does not let us read it: it is shown so, and not tried again until it changes. */
  async setUnreadable(id: string): Promise<void> {
    await this.client.query(
      `update file_metadata set nature = 'unreadable' where id = $1 and nature = 'plain'`,
      [id],
    );
  }
}
