import type { Drive, NewDrive, PatchDrive } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { requireConfirmed } from '../accounts';
import type { Actor, Cause } from '../platform/access/actor';
import { EventTransactions } from '../platform/events/event-transactions';
import { DriveAccess } from './drive-access.service';
import { DriveAdditions } from './drive-additions.service';
import { DriveForgetting } from './drive-forgetting.service';
import { findRoot, markRoot } from './drive-root.adapter';
import { DriveRowsRepository, type ServingColumns } from './drive-rows.repository';
import {
  DefaultDriveError,
  DriveOfflineError,
  PersonalDriveError,
  RootRefusedError,
} from './drives.errors';
import { DrivesService } from './drives.service';
import { NewEntryOwners } from './new-entry-owners.service';
import { isServedAlike, type ServedDrive } from './served-drive';

/** Adds, changes and forgets drives, for administrators who were asked for a proof a moment ago. */
@Injectable()
export class DriveAdministration {
  constructor(
    private readonly drives: DrivesService,
    private readonly access: DriveAccess,
    private readonly additions: DriveAdditions,
    private readonly forgetting: DriveForgetting,
    private readonly rows: DriveRowsRepository,
    private readonly owners: NewEntryOwners,
    private readonly transactions: EventTransactions,
  ) {}

  /** @throws what DriveAdditions.add throws, OwnerRefusedError (422), ConfirmRequiredError (403) */
  async add(actor: Actor, drive: NewDrive): Promise<Drive> {
    requireConfirmed(actor);
    await this.owners.require(drive.settings ?? {});
    return this.access.describeForAdministrator(actor, await this.additions.add(drive, actor));
  }

  /**
   * @throws DriveNotFoundError (404), DefaultDriveError, PersonalDriveError, DriveNameTakenError (409),
   * RootRefusedError, OwnerRefusedError (422), DriveOfflineError (503), ConfirmRequiredError (403)
   */
  async change(actor: Actor, id: string, { settings = {}, ...patch }: PatchDrive): Promise<Drive> {
    requireConfirmed(actor);
    await this.owners.require(settings);
    await this.serveOtherwise(id, { ...patch, ...settings }, actor);
    return this.access.describeForAdministrator(actor, id);
  }

  /** Nothing on the disk changes. @throws DriveNotFoundError, DefaultDriveError, PersonalDriveError, ConfirmRequiredError */
  async forget(actor: Actor, id: string): Promise<void> {
    requireConfirmed(actor);
    const drive = await this.drives.find(id);
    if (drive.isDefault) throw new DefaultDriveError();
    if (drive.isPersonal) throw new PersonalDriveError();
    await this.forgetting.forget(drive, actor);
  }

  /** The same change by the configuration. @param cause null: the configuration */
  async serveOtherwise(
    id: string,
    change: Partial<ServingColumns>,
    cause: Cause | null,
  ): Promise<void> {
    const drive = await this.drives.find(id);
    if (isServedAlike(drive, { ...drive, ...change })) return;
    requireChangeable(drive, change);
    if (change.readOnly === false && drive.readOnly) await requireWritableRoot(drive);
    await this.transactions.run(async ({ manager, record }) => {
      await this.rows.lock(manager);
      await this.rows.update(id, change, manager);
      if (change.readOnly === false && drive.readOnly)
        await this.rows.grantAdministrators(id, manager);
      await record({
        type: 'homeserver.drive.changed',
        subject: `drives/${id}`,
        driveId: null,
        audience: 'administrators',
        cause,
        data: { driveName: change.name ?? drive.name },
      });
    });
    await this.drives.serveAll();
  }
}

function requireChangeable(drive: ServedDrive, { name, readOnly }: Partial<ServingColumns>): void {
  const isOtherName = name !== undefined && name !== drive.name;
  if (drive.isPersonal && (isOtherName || readOnly === true)) throw new PersonalDriveError();
  if (drive.isDefault && readOnly === true) throw new DefaultDriveError();
}

/** What was only read gets a marker now. */
async function requireWritableRoot({ id, name, place }: ServedDrive): Promise<void> {
  const root = await findRoot(place);
  if (typeof root === 'string') throw new DriveOfflineError(name);
  const isAnothers = root.marker.kind === 'marked' && root.marker.id !== id;
  if (isAnothers || !(await markRoot(place, id)))
    throw new RootRefusedError('not_writable', '#/readOnly');
}
