import type { Access, GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** What a user may do on a drive. */
export interface GrantRow {
  readonly userId: string;
  readonly username: string;
  readonly access: Access;
}

/** A personal drive that is to be there. */
export interface NewPersonalDrive {
  readonly id: string;
  readonly name: string;
  readonly rootFolderId: string;
  readonly folder: string;
  readonly ownerId: string;
}

/** Whose personal drive it is, or was, shows by its folder. */
const IS_SHARED = `(folder is null or folder not like 'homes/%')`;

/** Who may do what on which drive. No row means: nothing. */
@Injectable()
export class DriveGrantsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Every user, with what they may do on a drive. */
  async list(driveId: string, manager?: EntityManager): Promise<GrantRow[]> {
    return (manager ?? this.dataSource.manager).query(
      `select u.id as "userId", u.username, coalesce(g.access, 'none') as access
       from users u left join drive_grants g on g.user_id = u.id and g.drive_id = $1 order by u.username`,
      [driveId],
    );
  }

  /** Of all drives, also those on which nobody may do anything: what a user may do there. */
  async accessOf(userId: string): Promise<Map<string, GrantedAccess>> {
    const rows: { driveId: string; access: GrantedAccess }[] = await this.dataSource.query(
      `select drive_id as "driveId", access from drive_grants where user_id = $1`,
      [userId],
    );
    return new Map(rows.map(({ driveId, access }) => [driveId, access]));
  }

  /** What a user may do on a drive at this moment; null: nothing. */
  async find(userId: string, driveId: string): Promise<GrantedAccess | null> {
    const rows: { access: GrantedAccess }[] = await this.dataSource.query(
      `select access from drive_grants where user_id = $1 and drive_id = $2`,
      [userId, driveId],
    );
    return rows[0]?.access ?? null;
  }

  async set(
    userId: string,
    driveId: string,
    access: Access,
    manager: EntityManager,
  ): Promise<void> {
    if (access === 'none') {
      await manager.query(`delete from drive_grants where user_id = $1 and drive_id = $2`, [
        userId,
        driveId,
      ]);
      return;
    }
    await manager.query(
      `insert into drive_grants (user_id, drive_id, access) values ($1, $2, $3)
       on conflict (user_id, drive_id) do update set access = excluded.access`,
      [userId, driveId, access],
    );
  }

  /** Whoever changes grants of a drive waits for who is changing them. */
  async lock(driveId: string, manager: EntityManager): Promise<void> {
    await manager.query(`select 1 from drives where id = $1 for update`, [driveId]);
  }

  /** Lets somebody use the shared drives, as far as they can be used, where nothing else was said about them. */
  async grantShared(userId: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `insert into drive_grants (user_id, drive_id, access)
       select $1, id, 'write' from drives where ${IS_SHARED}
       on conflict do nothing`,
      [userId],
    );
  }

  /**
   * Lets the heir write on the drive of somebody who is deleted, and on those that they had inherited themselves.
   * @returns those drives
   */
  async inherit(
    userId: string,
    heirId: string,
    manager: EntityManager,
  ): Promise<{ id: string; name: string }[]> {
    return manager.query(
      `with inherited as (
         insert into drive_grants (user_id, drive_id, access)
         select $2, d.id, 'write' from drives d where d.owner_id = $1 or (
           d.owner_id is null and d.folder like 'homes/%' and exists (
             select 1 from drive_grants g where g.drive_id = d.id and g.user_id = $1 and g.access = 'write'))
         on conflict (user_id, drive_id) do update set access = 'write' returning drive_id
       ) select d.id, d.name from drives d where d.id in (select drive_id from inherited) order by d.name`,
      [userId, heirId],
    );
  }

  async hasPersonalDrive(userId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from drives where owner_id = $1`,
      [userId],
    );
    return rows.length > 0;
  }

  /** Whether there is a drive of this id. */
  async isKnown(driveId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(`select 1 from drives where id = $1`, [
      driveId,
    ]);
    return rows.length > 0;
  }

  /** The drive whose owner was deleted, that lies in a folder; null when there is none. */
  async findOrphan(folder: string): Promise<string | null> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from drives where folder = $1 and owner_id is null`,
      [folder],
    );
    return rows[0]?.id ?? null;
  }

  /**
   * Makes a personal drive of its owner's, or gives an orphaned one to its new owner: to them alone, whoever
   * was granted what the former owner had.
   */
  async insertPersonal(drive: NewPersonalDrive): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const rows: { id: string }[] = await manager.query(
        `insert into drives (id, name, kind, root_folder_id, is_default, folder, owner_id, created_at)
         values ($1, $2, 'posix', $3, false, $4, $5, now())
         on conflict (folder) do update set owner_id = excluded.owner_id where drives.owner_id is null
         returning id`,
        [drive.id, drive.name, drive.rootFolderId, drive.folder, drive.ownerId],
      );
      const id = rows[0]?.id;
      if (id === undefined) return;
      await manager.query(`delete from drive_grants where drive_id = $1`, [id]);
      await this.set(drive.ownerId, id, 'write', manager);
    });
  }
}
