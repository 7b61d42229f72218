import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { isUniqueViolation } from '../platform/database/database-errors';
import type { DriveIdentity } from './drive-identity';
import { DriveNameTakenError } from './drives.errors';
import type { DriveRow } from './drives.repository';

/** Of the advisory locks, the one under which drives are added, changed and forgotten. */
const DRIVES_LOCK = 7_210_003;

/** How a drive is served. */
export type ServingColumns = Pick<
  DriveRow,
  | 'name'
  | 'readOnly'
  | 'excludes'
  | 'showHidden'
  | 'crossMounts'
  | 'fileOwner'
  | 'fileGroup'
  | 'fileMode'
  | 'folderMode'
  | 'trashDays'
  | 'trashMaxPercent'
  | 'versionsMaxPercent'
  | 'acceptedTypes'
  | 'refusedTypes'
>;

export interface NewDriveRow extends ServingColumns {
  readonly id: string;
  readonly rootFolderId: string;
  /** Where it lies on the machine. */
  readonly root: string;
  readonly identity: DriveIdentity;
}

const COLUMNS: readonly (readonly [keyof ServingColumns, string])[] = [
  ['name', 'name'],
  ['readOnly', 'read_only'],
  ['excludes', 'excludes'],
  ['showHidden', 'show_hidden'],
  ['crossMounts', 'cross_mounts'],
  ['fileOwner', 'file_owner'],
  ['fileGroup', 'file_group'],
  ['fileMode', 'file_mode'],
  ['folderMode', 'folder_mode'],
  ['trashDays', 'trash_days'],
  ['trashMaxPercent', 'trash_max_percent'],
  ['versionsMaxPercent', 'versions_max_percent'],
  ['acceptedTypes', 'accepted_types'],
  ['refusedTypes', 'refused_types'],
];

/** Adds, changes and removes drives, always in a transaction of the service. */
@Injectable()
export class DriveRowsRepository {
  /** One at a time: whether two overlap is seen when both are there. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query(`select pg_advisory_xact_lock($1)`, [DRIVES_LOCK]);
  }

  /** @throws DriveNameTakenError */
  async insert(drive: NewDriveRow, manager: EntityManager): Promise<void> {
    const names = COLUMNS.map(([, column]) => column).join(', ');
    const places = COLUMNS.map((_, index) => `$${index + 5}`).join(', ');
    await translated(() =>
      manager.query(
        `insert into drives (id, kind, is_default, created_at, root_folder_id, root, identity, ${names})
         values ($1, 'posix', false, now(), $2, $3, $4, ${places})`,
        [
          drive.id,
          drive.rootFolderId,
          drive.root,
          drive.identity,
          ...COLUMNS.map(([name]) => drive[name]),
        ],
      ),
    );
  }

  /** What is absent stays. @throws DriveNameTakenError */
  async update(id: string, change: Partial<ServingColumns>, manager: EntityManager): Promise<void> {
    const changed = COLUMNS.filter(([name]) => change[name] !== undefined);
    if (changed.length === 0) return;
    const assignments = changed.map(([, column], index) => `${column} = $${index + 2}`);
    await translated(() =>
      manager.query(`update drives set ${assignments.join(', ')} where id = $1`, [
        id,
        ...changed.map(([name]) => change[name]),
      ]),
    );
  }

  /** A drive that lies somewhere else now. */
  async relocate(
    id: string,
    { root, identity }: Pick<NewDriveRow, 'root' | 'identity'>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.query(`update drives set root = $2, identity = $3 where id = $1`, [
      id,
      root,
      identity,
    ]);
  }

  /** Its grants go with it; its entries are left to others. */
  async delete(id: string, manager: EntityManager): Promise<void> {
    await manager.query(`delete from drives where id = $1`, [id]);
  }

  /**
   * Lets all administrators do on a drive what can be done there, also where they could only read until now. That a
   * drive is read-only is a matter of the drive: tags can be changed there.
   */
  async grantAdministrators(id: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into drive_grants (user_id, drive_id, access)
       select u.id, $1, 'write' from users u where u.role = 'admin'
       on conflict (user_id, drive_id) do update set access = excluded.access`,
      [id],
    );
  }
}

async function translated(statement: () => Promise<unknown>): Promise<void> {
  try {
    await statement();
  } catch (error) {
    throw isUniqueViolation(error, 'drives_shared_name') ? new DriveNameTakenError() : error;
  }
}
