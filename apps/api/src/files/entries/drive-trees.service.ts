import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DrivesService, type ServedDrive } from '../../drives';
import { uuid7 } from '../../platform/database/uuid7';
import { DriveTreesRepository } from './drive-trees.repository';
import { TRASH_PATH } from '../../platform/filesystem/own-folder';

/** Sees to it that each drive has its root, under its name, and its trash. */
@Injectable()
export class DriveTrees implements OnModuleInit {
  constructor(
    private readonly repository: DriveTreesRepository,
    private readonly drives: DrivesService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.drives.onAdded((drive) => this.put(drive));
    this.drives.onChanged((drive) => this.put(drive));
    for (const drive of this.drives.list()) await this.put(drive);
  }

  private async put({ id, rootFolderId, name }: ServedDrive): Promise<void> {
    await this.repository.putRoot({ id: rootFolderId, driveId: id, filename: name });
    await this.repository.putTrash({ id: uuid7(), driveId: id, path: TRASH_PATH });
  }
}
