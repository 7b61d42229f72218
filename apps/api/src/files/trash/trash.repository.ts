import type { GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { TimePosition } from '../../platform/http/time-cursor';
import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from '../entries/entry-rows';

/** What was put into the trash by itself: of a folder, not what is in it. */
const IN_TRASH = `state = 'trashed' and trashed_from is not null`;

export interface TrashedEntry {
  readonly entry: Entry;
  readonly trashedAt: Date;
}

/** One that a user may see, and for how many days their drive keeps it. */
export interface VisibleTrashedEntry extends TrashedEntry {
  readonly access: GrantedAccess;
  readonly trashDays: number;
}

/** What somebody may empty of a drive. */
export interface TrashHeld {
  readonly driveId: string;
  /** Put there by itself. */
  readonly itemCount: number;
  /** With all that is below. */
  readonly entryCount: number;
}

type RawTrashed = RawEntryRow & Omit<TrashedEntry, 'entry'>;
type RawVisible = RawEntryRow & Omit<VisibleTrashedEntry, 'entry'>;

/** Where it stands in the trash, by when it came there. */
export function positionOf({ trashedAt, entry }: TrashedEntry): TimePosition {
  return [trashedAt.toISOString(), entry.id];
}

/** Reads what is in the trash of the drives. */
@Injectable()
export class TrashRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The row of the trash of a drive. */
  async findTrashId(driveId: string): Promise<string> {
    const rows: { id: string }[] = await this.dataSource.query(
      `select id from file_metadata where drive_id = $1 and state = 'trash'`,
      [driveId],
    );
    if (rows[0] === undefined) throw new Error(`The drive ${driveId} has no trash.`);
    return rows[0].id;
  }

  /** Whether an entry is at rest, as it was read, and still where it was by all that is known. */
  async isUnchanged({ id, version, storagePath }: Entry): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from file_metadata where id = $1 and version = $2 and state = 'live' and entry_path(id) = $3`,
      [id, version, storagePath],
    );
    return rows.length > 0;
  }

  /** null when it is not there, or hidden from the user. */
  async findVisible(userId: string, id: string): Promise<VisibleTrashedEntry | null> {
    return (await this.readVisible('id = $2', [userId, id]))[0] ?? null;
  }

  /** A page of what the user may see, what was put there last first. @param after null: from the beginning */
  async list(
    userId: string,
    page: { driveId: string | null; after: TimePosition | null; limit: number },
  ): Promise<VisibleTrashedEntry[]> {
    return this.readVisible(
      `($2::uuid is null or drive_id = $2)
         and ($3::timestamptz is null or (trashed_at, id) < ($3, $4::uuid))
       order by trashed_at desc, id desc limit $5`,
      [userId, page.driveId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
    );
  }

  /** What is longest in the trash of a drive. @param after null: from the beginning */
  async findOldest(
    driveId: string,
    page: { after: TimePosition | null; limit: number },
  ): Promise<TrashedEntry[]> {
    const rows: RawTrashed[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS}, trashed_at as "trashedAt" from file_metadata
       where ${IN_TRASH} and drive_id = $1 and ($2::timestamptz is null or (trashed_at, id) > ($2, $3::uuid))
       order by trashed_at, id limit $4`,
      [driveId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
    );
    return rows.map(({ trashedAt, ...row }) => ({ entry: toEntry(row), trashedAt }));
  }

  /** What the user may remove. @param driveId null: of every drive */
  async findEmptiable(userId: string, driveId: string | null): Promise<TrashHeld[]> {
    const rows: { driveId: string; itemCount: string; entryCount: string }[] =
      await this.dataSource.query(
        `select drive_id as "driveId", count(*) as "itemCount",
           sum(1 + coalesce(file_count, 0) + coalesce(folder_count, 0)) as "entryCount"
         from file_metadata where ${IN_TRASH} and ($2::uuid is null or drive_id = $2)
           and drive_id in (select g.drive_id from drive_grants g where g.user_id = $1 and g.access = 'write')
         group by drive_id order by drive_id`,
        [userId, driveId],
      );
    return rows.map((row) => ({
      driveId: row.driveId,
      itemCount: Number(row.itemCount),
      entryCount: Number(row.entryCount),
    }));
  }

  /** How many bytes lie in the trash of a drive. */
  async readBytes(driveId: string): Promise<number> {
    const rows: { bytes: string }[] = await this.dataSource.query(
      `select t.size + coalesce((select sum(c.total_bytes) from folder_totals_changes c
         where c.drive_id = t.drive_id and c.folder_id = t.id), 0) as bytes
       from file_metadata t where t.drive_id = $1 and t.state = 'trash'`,
      [driveId],
    );
    return Number(rows[0]?.bytes ?? 0);
  }

  /** What bears a name in a folder; null when nothing does that one can see. */
  async findChild(parentId: string, filename: string): Promise<Pick<Entry, 'id' | 'kind'> | null> {
    const rows: Pick<Entry, 'id' | 'kind'>[] = await this.dataSource.query(
      `select id, kind from file_metadata where parent_id = $1 and filename = $2 and ${VISIBLE}`,
      [parentId, filename],
    );
    return rows[0] ?? null;
  }

  private async readVisible(
    condition: string,
    parameters: unknown[],
  ): Promise<VisibleTrashedEntry[]> {
    const rows: RawVisible[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS}, trashed_at as "trashedAt", access, "trashDays" from file_metadata join (
         select g.drive_id as granted_drive_id, g.access, d.trash_days as "trashDays"
         from drive_grants g join drives d on d.id = g.drive_id where g.user_id = $1
       ) g on granted_drive_id = drive_id where ${IN_TRASH} and ${condition}`,
      parameters,
    );
    return rows.map(({ trashedAt, access, trashDays, ...row }) => ({
      entry: toEntry(row),
      trashedAt,
      access,
      trashDays,
    }));
  }
}
