import type { Client } from 'pg';

import { IndexReads } from '../../indexing/index-reads.repository';
import { PRESENT, READ_FILES, READ_VERSIONS } from '../verification-store.repository';
import type { FindingPlace } from './finding';
import { TRASH_PATH, VERSIONS_PATH } from '../../../platform/filesystem/own-folder';

/** A drive, as far as a check of it is concerned. */
export interface CheckedDrive {
  readonly id: string;
  readonly name: string;
  readonly state: 'online' | 'offline' | 'replaced';
  readonly rootFolderId: string;
  readonly trashFolderId: string;
  readonly readOnly: boolean;
  readonly folder: string | null;
  readonly root: string | null;
  readonly excludes: string[];
  readonly showHidden: boolean;
  readonly crossMounts: boolean;
  readonly watching: 'notifications' | 'polling' | 'none';
  /** Whether all that is on it was indexed once. */
  readonly isIndexed: boolean;
}

/** A folder, and where it lies by now. */
export interface FolderPlace {
  readonly id: string;
  /** Inside the drive; empty for its root. */
  readonly path: string;
  /** Of what is in the trash: where it was before; else as `path`. */
  readonly formerPath: string;
}

/** A staged file that something counts on, and the bytes that must be there. */
export interface NeededStaged {
  readonly stagedName: string;
  readonly leastBytes: number;
}

/** An earlier content, by the folder and the name that its bytes have in that of the versions. */
export interface KeptVersion {
  readonly folder: string;
  readonly name: string;
  readonly size: number;
  /** Whether its bytes must be there. */
  readonly isNeeded: boolean;
}

/** What the database says of a drive, for comparing it with the disk. */
export class CheckStore {
  readonly reads: IndexReads;

  constructor(private readonly client: Client) {
    this.reads = new IndexReads(client);
  }

  /** Whether a server works on this database: it has connections as long as it runs. */
  async isServed(): Promise<boolean> {
    const { rows } = await this.client.query<{ isServed: boolean }>(
      `select exists (select 1 from pg_stat_activity
         where datname = current_database() and application_name in ('homeserver', 'homeserver index')) as "isServed"`,
    );
    return rows[0]?.isServed ?? true;
  }

  async listDrives(): Promise<CheckedDrive[]> {
    const { rows } = await this.client.query<CheckedDrive>(
      `select d.id, d.name, d.state, d.root_folder_id as "rootFolderId", t.id as "trashFolderId",
         d.read_only as "readOnly", d.folder, d.root, d.excludes, d.show_hidden as "showHidden",
         d.cross_mounts as "crossMounts", d.watching, d.scanned_at is not null as "isIndexed"
       from drives d join file_metadata t on t.drive_id = d.id and t.state = 'trash'
       order by d.is_default desc, d.name, d.id`,
    );
    return rows;
  }

  /** Of these folders, where those lie that are at rest. */
  async findPlaces(folderIds: readonly string[]): Promise<FolderPlace[]> {
    const { rows } = await this.client.query<FolderPlace>(
      `select f.id, f.path, case when t.id is null then f.path else concat_ws('/',
           nullif(t.trashed_from ->> 'folderPath', ''), t.trashed_from ->> 'filename',
           nullif(substr(f.path, length('${TRASH_PATH}/' || t.id || '/') + 1), '')) end as "formerPath"
       from (select id, entry_path(id) as path, trash_id from file_metadata
             where id = any ($1) and state in ('live', 'trashed', 'trash')) f
       left join file_metadata t on t.id = f.trash_id and t.trashed_from is not null`,
      [folderIds],
    );
    return rows;
  }

  /** Paths of entries whose write nobody is busy with. @param isAll also those that somebody may still be busy with */
  async findUnfinished(
    driveId: string,
    isAll: boolean,
  ): Promise<{ path: string; isTrash: boolean }[]> {
    const { rows } = await this.client.query<{ path: string; isTrash: boolean }>(
      `select entry_path(id) as path, trash_id is not null as "isTrash" from file_metadata
       where drive_id = $1 and lease_holder is not null and ($2 or lease_until < now()) order by id`,
      [driveId, isAll],
    );
    return rows;
  }

  /** Entries that lie in a folder that there is not: no walk comes to them. */
  async findLost(driveId: string): Promise<string[]> {
    const { rows } = await this.client.query<{ filename: string }>(
      `select f.filename from file_metadata f where f.drive_id = $1 and f.parent_id is not null
         and not exists (select 1 from file_metadata p where p.id = f.parent_id) order by f.id`,
      [driveId],
    );
    return rows.map(({ filename }) => filename);
  }

  async findNeededStaged(driveId: string): Promise<NeededStaged[]> {
    const { rows } = await this.client.query<NeededStaged>(
      `select staged_name as "stagedName", 0::float8 as "leastBytes" from file_metadata
       where drive_id = $1 and staged_name is not null
       union all
       select staged_name, committed_offset::float8 from uploads
       where drive_id = $1 and finished_at is null and gone_at is null`,
      [driveId],
    );
    return rows;
  }

  /** Of these names of discarded folders, those that neither an entry nor a job counts on. */
  async findForgottenDiscards(names: readonly string[]): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `select n.name from unnest($1::text[]) as n (name)
       where not exists (select 1 from file_metadata f where f.id::text = n.name)
         and not exists (select 1 from jobs j where j.kind = 'delete' and j.state in ('queued', 'running')
           and j.input ->> 'discardedName' = n.name)`,
      [names],
    );
    return rows.map(({ name }) => name);
  }

  /** Files that are known to be corrupted by now. */
  async findCorrupted(driveId: string): Promise<{ path: string; place: FindingPlace }[]> {
    const { rows } = await this.client.query<{ path: string; place: FindingPlace }>(
      `select entry_path(id) as path, case when trash_id is null then 'files' else 'trash' end as place from file_metadata
       where drive_id = $1 and corrupted_at is not null and ${PRESENT}
       union all
       select '${VERSIONS_PATH}/' || kept_under || '/' || id, 'versions' from file_versions
       where drive_id = $1 and corrupted_at is not null and removed_at is null order by place, path`,
      [driveId],
    );
    return rows;
  }

  /** The earlier contents that lie on a drive, also those that are just kept or removed. */
  async findVersions(driveId: string): Promise<KeptVersion[]> {
    const { rows } = await this.client.query<KeptVersion>(
      `select kept_under as folder, id as name, size::float8 as size, removed_at is null as "isNeeded"
       from file_versions where drive_id = $1
       union all
       select id, (replacement ->> 'versionId')::uuid, 0, false from file_metadata
       where drive_id = $1 and state = 'replacing'`,
      [driveId],
    );
    return rows;
  }

  /** What there is to read on a drive. */
  async readTotals(driveId: string): Promise<{ entryCount: number; bytes: number }> {
    const { rows } = await this.client.query<{ entryCount: number; bytes: number }>(
      `select count(*)::float8 as "entryCount",
         (coalesce(sum(size) filter (where ${READ_FILES}), 0)
           + (select coalesce(sum(v.size), 0) from file_versions v where v.drive_id = $1 and ${READ_VERSIONS})
         )::float8 as bytes
       from file_metadata where drive_id = $1 and state in ('live', 'trashed') and parent_id is not null`,
      [driveId],
    );
    return rows[0] ?? { entryCount: 0, bytes: 0 };
  }

  /** Everything on the drive was read. @param began before the first file */
  async setVerified(driveId: string, began: Date): Promise<void> {
    await this.client.query(`update drives set verified_at = $2 where id = $1`, [driveId, began]);
  }
}
