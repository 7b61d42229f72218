import type { FileMetadata } from '@homeserver/dto';
import type { Client } from 'pg';

type What = 'created' | 'changed' | 'moved' | 'deleted' | 'restored' | 'corrupted';

/** What is told of an entry that changed outside. */
export interface ToldChange {
  readonly what: What;
  readonly file: FileMetadata;
  /** The earlier content that it is about. */
  readonly versionId?: string;
  readonly previous?: {
    readonly driveId: string;
    readonly parentId: string;
    readonly filename: string;
  };
}

/** Rows handed over in one statement. */
const AT_ONCE = 1000;

/** Says in the event log what has changed outside, in the transaction that takes it up. */
export class ChangeLog {
  constructor(private readonly client: Client) {}

  async record(changes: readonly ToldChange[]): Promise<void> {
    for (let first = 0; first < changes.length; first += AT_ONCE) {
      const part = changes.slice(first, first + AT_ONCE);
      await this.client.query(
        `insert into event_outbox (type, subject, time, drive_id, data, audience)
         select 'homeserver.file.' || c.what, 'files/' || c.id, now(), c.drive_id, c.data, 'drive'
         from unnest($1::text[], $2::uuid[], $3::uuid[], $4::jsonb[]) as c (what, id, drive_id, data)`,
        [
          part.map(({ what }) => what),
          part.map(({ file }) => file.id),
          part.map(({ file }) => file.driveId),
          part.map(({ file, versionId, previous }) =>
            JSON.stringify({ file, versionId, previous }),
          ),
        ],
      );
    }
  }
}
