import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DriveEntity } from './drive.entity';
import { DriveAccess } from './drive-access.service';
import { DriveGrantsRepository } from './drive-grants.repository';
import { DriveGrantsService } from './drive-grants.service';
import { DriveIndexStateRepository } from './drive-index-state.repository';
import { DriveIndexState } from './drive-index-state.service';
import { DriveLooks } from './drive-looks.adapter';
import { DriveWatch } from './drive-watch.service';
import { DrivesController } from './drives.controller';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';
import { FolderTotals } from './folder-totals.service';
import { FolderTotalsRepository } from './folder-totals.repository';
import { FolderTotalsChangeEntity } from './folder-totals-change.entity';
import { PersonalDrives } from './personal-drives.service';

@Module({
  imports: [TypeOrmModule.forFeature([DriveEntity, FolderTotalsChangeEntity])],
  controllers: [DrivesController],
  providers: [
    DrivesRepository,
    DrivesService,
    FolderTotalsRepository,
    FolderTotals,
    DriveGrantsRepository,
    DriveGrantsService,
    DriveAccess,
    DriveIndexStateRepository,
    DriveIndexState,
    DriveLooks,
    DriveWatch,
    PersonalDrives,
  ],
  exports: [DrivesService, DriveAccess, DriveIndexState, FolderTotals],
})
export class DrivesModule {}
