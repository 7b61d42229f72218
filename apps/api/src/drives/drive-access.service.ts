import type { Access, Drive, DriveAttention, DriveSettings } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { AccessDeniedError } from '../platform/access/access.errors';
import type { Actor } from '../platform/access/actor';
import { type CorruptedFiles, CorruptedFilesRepository } from './corrupted-files.repository';
import { DriveGrantsRepository } from './drive-grants.repository';
import { DriveNotFoundError, NoWritableDriveError } from './drives.errors';
import { type DriveRow, DrivesRepository, type VisibleDriveRow } from './drives.repository';
import { DrivesService } from './drives.service';
import { FolderTotalsRepository, type TotalsRow } from './folder-totals.repository';
import type { ServedDrive } from './served-drive';

/** What a drive holds and what is left on it, in bytes; freeBytes is null while it is away. */
export interface DriveUsage {
  readonly driveId: string;
  readonly name: string;
  readonly fileCount: number;
  readonly usedBytes: number;
  readonly freeBytes: number | null;
}

/** What is known of what drives hold. */
interface Held {
  readonly totals: readonly TotalsRow[];
  readonly corrupted: readonly CorruptedFiles[];
}

/** The drives as a caller sees them: only those that they were granted. */
@Injectable()
export class DriveAccess {
  constructor(
    private readonly repository: DrivesRepository,
    private readonly totals: FolderTotalsRepository,
    private readonly grants: DriveGrantsRepository,
    private readonly drives: DrivesService,
    private readonly corrupted: CorruptedFilesRepository,
  ) {}

  /** @throws DriveNotFoundError (404) when it is absent, or hidden from the actor: they cannot tell which */
  async get(actor: Actor, id: string): Promise<VisibleDriveRow> {
    const row = await this.repository.findVisible(actor.userId, id);
    if (row === null) throw new DriveNotFoundError();
    return row;
  }

  /** @throws DriveNotFoundError (404), AccessDeniedError (403) when the actor may only read there */
  async getWritable(actor: Actor, id: string): Promise<ServedDrive> {
    const row = await this.get(actor, id);
    requireWriteAccess(row);
    return this.serve(row);
  }

  /** Where a write goes that names no drive. @throws NoWritableDriveError (403) */
  async getDefault(actor: Actor): Promise<ServedDrive> {
    const row = await this.repository.findWritable(actor.userId);
    if (row === null) throw new NoWritableDriveError();
    return this.serve(row);
  }

  /** Whether the actor may still write there: what took long asks again at its end. @throws AccessDeniedError */
  async requireStillWritable(actor: Pick<Actor, 'userId'>, driveId: string): Promise<void> {
    if ((await this.grants.find(actor.userId, driveId)) !== 'write') throw new AccessDeniedError();
  }

  /** The drives of the actor, as the contract shows them, the default one first. */
  async describe(actor: Actor): Promise<Drive[]> {
    const rows = await this.repository.listVisible(actor.userId);
    const held = {
      totals: await this.totals.readVisible(actor.userId),
      corrupted: await this.corrupted.count(),
    };
    return Promise.all(rows.map((row) => this.describeOne(row, held, row.access)));
  }

  /** For administrators: every drive, also those on which they have no access themselves. */
  async describeAll(actor: Actor, onlyId?: string): Promise<Drive[]> {
    const all = await this.repository.listAll();
    const rows = all.filter(({ id }) => onlyId === undefined || id === onlyId);
    const held = {
      totals: await this.totals.readAll(),
      corrupted: await this.corrupted.count(),
    };
    const access = await this.grants.accessOf(actor.userId);
    return Promise.all(
      rows.map(async (row) => ({
        ...(await this.describeOne(row, held, access.get(row.id) ?? 'none')),
        settings: await this.describeSettings(row),
      })),
    );
  }

  /** One drive as `describeAll` shows it. @throws DriveNotFoundError (404) */
  async describeForAdministrator(actor: Actor, id: string): Promise<Drive> {
    const drive = (await this.describeAll(actor, id))[0];
    if (drive === undefined) throw new DriveNotFoundError();
    return drive;
  }

  /** For the statistics: cheap, whatever the number of files. */
  async readUsage(userId: string): Promise<DriveUsage[]> {
    const totals = await this.totals.readVisible(userId);
    return Promise.all(
      totals.map(async (row) => ({
        driveId: row.driveId,
        name: row.name,
        fileCount: row.fileCount,
        usedBytes: row.totalBytes,
        freeBytes:
          (await this.drives.spaceOf(await this.drives.find(row.driveId)))?.freeBytes ?? null,
      })),
    );
  }

  private async describeSettings(row: DriveRow): Promise<DriveSettings> {
    const { excludes, showHidden, crossMounts, trashDays, trashMaxPercent } = row;
    const { versionsMaxPercent, acceptedTypes, refusedTypes } = row;
    const { fileOwner, fileGroup, fileMode, folderMode } = row;
    const { place: path } = await this.drives.find(row.id);
    return {
      path,
      excludes,
      showHidden,
      crossMounts,
      trashDays,
      trashMaxPercent,
      versionsMaxPercent,
      fileOwner,
      fileGroup,
      fileMode,
      folderMode,
      acceptedTypes,
      refusedTypes,
    };
  }

  /** What was just read of a drive counts: another process may have changed it. */
  private async serve(row: DriveRow): Promise<ServedDrive> {
    return { ...(await this.drives.find(row.id)), ...row };
  }

  private async describeOne(
    row: DriveRow,
    { totals, corrupted }: Held,
    access: Access,
  ): Promise<Drive> {
    const { id } = row;
    const drive = await this.serve(row);
    const total = totals.find(({ driveId }) => driveId === id);
    const state = await this.drives.glimpseState(drive);
    const space = state === 'online' ? await this.drives.spaceOf(drive) : null;
    const damage = corrupted.find(({ driveId }) => driveId === id) ?? null;
    const entryCount = (total?.fileCount ?? 0) + (total?.folderCount ?? 0);
    return {
      id,
      name: drive.name,
      rootFolderId: drive.rootFolderId,
      kind: drive.kind,
      state,
      readOnly: drive.readOnly,
      access,
      ownerId: drive.ownerId,
      usedBytes: total?.totalBytes ?? 0,
      freeBytes: space?.freeBytes ?? null,
      entryCount,
      totalBytes: space?.totalBytes ?? null,
      index: {
        state: drive.indexState,
        scannedCount: drive.indexState === 'scanning' ? Number(drive.scannedCount) : entryCount,
        watching: drive.watching,
        scannedAt: drive.scannedAt?.toISOString() ?? null,
      },
      attention: drive.attention ?? attentionTo(damage),
      corruptedCount: damage?.count ?? 0,
      settings: null,
    };
  }
}

function attentionTo(damage: CorruptedFiles | null): DriveAttention | null {
  if (damage === null) return null;
  const { count, since } = damage;
  return { reason: 'corrupted', corruptedCount: count, since: since.toISOString() };
}

/** Somebody who sees a drive may not write there by that alone. @throws AccessDeniedError (403) */
export function requireWriteAccess({ access }: { readonly access: Access }): void {
  if (access !== 'write')
    throw new AccessDeniedError('You may read this drive, but not change anything on it.');
}
