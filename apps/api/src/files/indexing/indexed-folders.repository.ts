import type { EntryNature } from '@homeserver/dto';
import type { Client } from 'pg';

/** What the index says of folders as such. */
export class IndexedFolders {
  constructor(private readonly client: Client) {}

  /** Of these folders, those that still are on the drive; they are not removed before the transaction ends. */
  async lockFolders(driveId: string, folderIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.client.query<{ id: string }>(
      `select id from file_metadata where id = any ($1) and drive_id = $2 and state in ('live', 'moving')
       order by id for share`,
      [folderIds, driveId],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Where folders of a drive lie that are there, and are not just being moved. Within the lock of totals it stays so. */
  async readPlaces(
    driveId: string,
    folderIds: readonly string[],
  ): Promise<Map<string, { readonly parentId: string | null; readonly filename: string }>> {
    const { rows } = await this.client.query<{
      id: string;
      parentId: string | null;
      filename: string;
    }>(
      `select id, parent_id as "parentId", filename from file_metadata
       where id = any ($1) and drive_id = $2 and state = 'live'`,
      [folderIds, driveId],
    );
    return new Map(rows.map(({ id, ...place }) => [id, place]));
  }

  /** Says of folders that all in them is indexed. */
  async setListed(
    driveId: string,
    listed: readonly (readonly [id: string, ns: bigint | null])[],
  ): Promise<void> {
    if (listed.length === 0) return;
    await this.client.query(
      `update file_metadata f set listed_ns = l.ns from unnest($1::uuid[], $2::numeric[]) as l (id, ns)
       where f.id = l.id and f.drive_id = $3`,
      [listed.map(([id]) => id), listed.map(([, ns]) => ns?.toString() ?? null), driveId],
    );
  }

  async setNatures(
    driveId: string,
    natures: readonly (readonly [id: string, nature: EntryNature])[],
  ): Promise<void> {
    if (natures.length === 0) return;
    await this.client.query(
      `update file_metadata f set nature = n.nature from unnest($1::uuid[], $2::text[]) as n (id, nature)
       where f.id = n.id and f.drive_id = $3`,
      [natures.map(([id]) => id), natures.map(([, nature]) => nature), driveId],
    );
  }
}
