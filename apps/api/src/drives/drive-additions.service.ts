import {
  DEFAULT_EXCLUDES,
  DEFAULT_TRASH_DAYS,
  DEFAULT_TRASH_PERCENT,
  DEFAULT_VERSIONS_PERCENT,
  type NewDrive,
} from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Cause } from '../platform/access/actor';
import { uuid7 } from '../platform/database/uuid7';
import { EventTransactions } from '../platform/events/event-transactions';
import { JobsService } from '../platform/jobs/jobs.service';
import { markRoot } from './drive-root.adapter';
import { DriveRoots } from './drive-roots.service';
import { DriveRowsRepository } from './drive-rows.repository';
import { DriveBeingForgottenError, RootRefusedError } from './drives.errors';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';

/** Adds folders of the machine as drives. */
@Injectable()
export class DriveAdditions {
  constructor(
    private readonly roots: DriveRoots,
    private readonly drives: DrivesService,
    private readonly repository: DrivesRepository,
    private readonly rows: DriveRowsRepository,
    private readonly transactions: EventTransactions,
    private readonly jobs: JobsService,
  ) {}

  /**
   * @param cause null: the configuration
   * @returns its id: the one that its marker bears already, from a database that was lost, or a new one
   * @throws RootRefusedError, RootOverlapsError (422), DriveKnownError, DriveNameTakenError,
   * DriveBeingForgottenError (409)
   */
  async add(
    { name, path, readOnly, settings = {} }: NewDrive,
    cause: Cause | null,
  ): Promise<string> {
    const { location, identity, marker } = await this.roots.find(path);
    const { place } = location;
    const id = marker.kind === 'marked' ? marker.id : uuid7();
    if ((await this.jobs.findActive('forget', id)).length > 0) throw new DriveBeingForgottenError();
    const serving = { name, readOnly, ...DEFAULTS, ...settings };
    await this.transactions.run(async ({ manager, record }) => {
      await this.rows.lock(manager);
      await this.roots.requireFree(
        { location, identity, marker },
        await this.repository.listAll(manager),
      );
      await this.rows.insert(
        { id, rootFolderId: uuid7(), root: place, identity, ...serving },
        manager,
      );
      await this.rows.grantAdministrators(id, manager);
      await record({
        type: 'homeserver.drive.added',
        subject: `drives/${id}`,
        driveId: null,
        audience: 'administrators',
        cause,
        data: { driveName: name },
      });
      // Last, and before the row can be seen: a drive that is written to always has its marker.
      if (!readOnly && !(await markRoot(place, id))) throw new RootRefusedError('not_writable');
    });
    await this.drives.serveAll();
    return id;
  }
}

const DEFAULTS = {
  excludes: DEFAULT_EXCLUDES,
  showHidden: true,
  crossMounts: false,
  fileOwner: null,
  fileGroup: null,
  fileMode: null,
  folderMode: null,
  trashDays: DEFAULT_TRASH_DAYS,
  trashMaxPercent: DEFAULT_TRASH_PERCENT,
  versionsMaxPercent: DEFAULT_VERSIONS_PERCENT,
  acceptedTypes: [],
  refusedTypes: [],
};
