import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../platform/logging/logging.module';
import type { ServingColumns } from './drive-rows.repository';
import { OwnerRefusedError } from './drives.errors';
import type { DriveRow } from './drives.repository';
import { findGroupId, findUserId, mayGiveTo } from './machine-accounts.adapter';
import { NewEntries } from './storage/new-entries';

type Owners = Partial<Pick<ServingColumns, 'fileOwner' | 'fileGroup'>>;

/** Whose the new files of a drive are, by the names that this machine knows. */
@Injectable()
export class NewEntryOwners {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** @throws OwnerRefusedError (422) for a name that nobody has, and for one that we may not give files to */
  async require({ fileOwner = null, fileGroup = null }: Owners): Promise<void> {
    const uid = fileOwner === null ? null : await findUserId(fileOwner);
    if (fileOwner !== null && uid === null) throw new OwnerRefusedError('fileOwner', 'unknown');
    const gid = fileGroup === null ? null : await findGroupId(fileGroup);
    if (fileGroup !== null && gid === null) throw new OwnerRefusedError('fileGroup', 'unknown');
    const may = mayGiveTo(uid, gid);
    if (!may.user) throw new OwnerRefusedError('fileOwner', 'not_ours');
    if (!may.group) throw new OwnerRefusedError('fileGroup', 'not_ours');
  }

  /** What is done with new entries of a drive. Who is no longer known is left out, and said in the log. */
  async of(drive: DriveRow): Promise<NewEntries> {
    const { fileOwner, fileGroup, fileMode, folderMode } = drive;
    const uid = fileOwner === null ? null : await findUserId(fileOwner);
    const gid = fileGroup === null ? null : await findGroupId(fileGroup);
    if ((fileOwner !== null && uid === null) || (fileGroup !== null && gid === null))
      this.warn(drive, null, 'this machine does not know them any more');
    return new NewEntries(
      { uid, gid, fileMode: toMode(fileMode), folderMode: toMode(folderMode) },
      (error) => this.warn(drive, error, 'its filesystem does not take them'),
    );
  }

  private warn({ id, name }: DriveRow, error: unknown, why: string): void {
    this.logger.warn(
      { err: error, drive: id },
      `New files on “${name}” do not get the owner, group or mode that was set: ${why}.`,
    );
  }
}

function toMode(octal: string | null): number | null {
  return octal === null ? null : Number.parseInt(octal, 8);
}
