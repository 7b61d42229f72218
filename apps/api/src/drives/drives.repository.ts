import type { MassRemoval, DriveIndex, DriveState, GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { GatheredReads, type Keyed } from '../platform/database/gathered-reads';
import { NamedStatements } from '../platform/database/named-statements';
import type { DriveIdentity } from './drive-identity';

/** A drive, and what it holds: plain rows. */
export interface DriveRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'posix' | 's3';
  readonly rootFolderId: string;
  readonly isDefault: boolean;
  readonly readOnly: boolean;
  /** Whose personal drive it is; null: it is shared. */
  readonly ownerId: string | null;
  /** Below DATA_DIR; null for a drive that lies elsewhere. */
  readonly folder: string | null;
  /** Where it lies on the machine, when that is not below DATA_DIR. */
  readonly root: string | null;
  readonly excludes: string[];
  readonly showHidden: boolean;
  readonly crossMounts: boolean;
  readonly fileOwner: string | null;
  readonly fileGroup: string | null;
  /** In octal, as the next one. */
  readonly fileMode: string | null;
  readonly folderMode: string | null;
  /** How long the trash keeps something, and how much of the disk it may take. */
  readonly trashDays: number;
  readonly trashMaxPercent: number;
  /** How much of the disk the earlier versions of files may take. */
  readonly versionsMaxPercent: number;
  /** Which types of files may come: patterns such as `image/*`. Where none is accepted all are. */
  readonly acceptedTypes: string[];
  readonly refusedTypes: string[];
  /** What lay there when it was last seen; null: it was never seen. */
  readonly identity: DriveIdentity | null;
  /** As it was when somebody looked last. */
  readonly state: DriveState;
  readonly indexState: DriveIndex['state'];
  readonly watching: DriveIndex['watching'];
  /** Entries that the scan under way has seen. */
  readonly scannedCount: string;
  /** When the last scan came to its end, and the last that looked at every file. */
  readonly scannedAt: Date | null;
  readonly fullyScannedAt: Date | null;
  readonly attention: MassRemoval | null;
}

/** A drive, and what the caller may do there. */
export interface VisibleDriveRow extends DriveRow {
  readonly access: GrantedAccess;
}

const COLUMNS = `d.id, d.name, d.kind, d.root_folder_id as "rootFolderId", d.is_default as "isDefault",
  d.read_only as "readOnly", d.owner_id as "ownerId", d.folder, d.root,
  d.excludes, d.show_hidden as "showHidden", d.cross_mounts as "crossMounts", d.file_owner as "fileOwner",
  d.file_group as "fileGroup", d.file_mode as "fileMode", d.folder_mode as "folderMode",
  d.trash_days as "trashDays", d.trash_max_percent as "trashMaxPercent",
  d.versions_max_percent as "versionsMaxPercent",
  d.accepted_types as "acceptedTypes", d.refused_types as "refusedTypes",
  d.identity, d.state, d.index_state as "indexState",
  d.watching, d.scanned_count as "scannedCount", d.scanned_at as "scannedAt",
  d.fully_scanned_at as "fullyScannedAt", d.attention`;
const FIND_WRITABLE = {
  name: 'find-writable-drives',
  text: `select asked.user_id as key, found.* from unnest((select $1::uuid[])) as asked (user_id) cross join lateral (
      select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
      where g.user_id = asked.user_id and g.access = 'write' and (d.is_default or d.owner_id = asked.user_id)
      order by d.is_default desc limit 1
    ) found`,
};
export const DRIVE_ORDER = `order by d.is_default desc, d.name, d.id`;

@Injectable()
export class DrivesRepository {
  private readonly writable = new GatheredReads<VisibleDriveRow & Keyed>((userIds) =>
    this.statements.read(FIND_WRITABLE, [userIds]),
  );

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  /** All drives, the default one first, then by name: for those who look after them, not for callers. */
  async listAll(manager: EntityManager = this.dataSource.manager): Promise<DriveRow[]> {
    return manager.query(`select ${COLUMNS} from drives d ${DRIVE_ORDER}`);
  }

  /** The drives that somebody may see, the default one first, then by name. */
  async listVisible(userId: string): Promise<VisibleDriveRow[]> {
    return this.dataSource.query(
      `select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
       where g.user_id = $1 ${DRIVE_ORDER}`,
      [userId],
    );
  }

  /** A drive, if somebody may see it; null when it is absent, or hidden from them. */
  async findVisible(userId: string, id: string): Promise<VisibleDriveRow | null> {
    const rows: VisibleDriveRow[] = await this.dataSource.query(
      `select ${COLUMNS}, g.access from drives d join drive_grants g on g.drive_id = d.id
       where g.user_id = $1 and d.id = $2`,
      [userId, id],
    );
    return rows[0] ?? null;
  }

  /** Where somebody writes who names no drive: the default one where they may, else their own; null for neither. */
  async findWritable(userId: string): Promise<VisibleDriveRow | null> {
    return this.writable.find(userId);
  }

  /** Adds the default drive; where there is one already, nothing happens. */
  async insertDefault(drive: {
    id: string;
    name: string;
    rootFolderId: string;
    folder: string;
  }): Promise<void> {
    await this.dataSource.query(
      `insert into drives (id, name, kind, root_folder_id, is_default, folder, created_at)
       values ($1, $2, 'posix', $3, true, $4, now()) on conflict do nothing`,
      [drive.id, drive.name, drive.rootFolderId, drive.folder],
    );
  }

  /**
   * Notes that a drive is there, or no longer.
   * @param change from the state that was read before somebody looked
   * @returns false when somebody else has noted something since: what follows from it is done once, and what was
   * seen may be older
   */
  async changeState(
    id: string,
    { from, to }: { from: DriveState; to: DriveState },
    manager: EntityManager,
  ): Promise<boolean> {
    const [rows]: [unknown[], number] = await manager.query(
      `update drives set state = $3 where id = $1 and state = $2 returning id`,
      [id, from, to],
    );
    return rows.length > 0;
  }

  async setIdentity(id: string, identity: DriveIdentity): Promise<void> {
    await this.dataSource.query(`update drives set identity = $2 where id = $1`, [id, identity]);
  }
}
