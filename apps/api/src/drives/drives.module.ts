import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DriveEntity } from './drive.entity';
import { CorruptedFilesRepository } from './corrupted-files.repository';
import { DriveAccess } from './drive-access.service';
import { DriveGrantsController } from './drive-grants.controller';
import { DriveGrantsRepository } from './drive-grants.repository';
import { DriveGrantsService } from './drive-grants.service';
import { DriveIndexStateRepository } from './drive-index-state.repository';
import { DriveIndexState } from './drive-index-state.service';
import { DriveLooks } from './drive-looks.adapter';
import { DriveWatch } from './drive-watch.service';
import { DriveAdditions } from './drive-additions.service';
import { DriveAdministration } from './drive-administration.service';
import { DriveForgetting } from './drive-forgetting.service';
import { ForgottenEntriesRepository } from './forgotten-entries.repository';
import { DriveRoots } from './drive-roots.service';
import { DriveRowsRepository } from './drive-rows.repository';
import { NewEntryOwners } from './new-entry-owners.service';
import { ConfiguredDrives } from './configured-drives.service';
import { DriveRelocation } from './drive-relocation.service';
import { DrivesController } from './drives.controller';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';
import { FolderTotals } from './folder-totals.service';
import { FolderTotalsRepository } from './folder-totals.repository';
import { FolderTotalsChangeEntity } from './folder-totals-change.entity';
import { PersonalDrives } from './personal-drives.service';

@Module({
  imports: [TypeOrmModule.forFeature([DriveEntity, FolderTotalsChangeEntity])],
  controllers: [DrivesController, DriveGrantsController],
  providers: [
    DrivesRepository,
    DrivesService,
    FolderTotalsRepository,
    FolderTotals,
    CorruptedFilesRepository,
    DriveGrantsRepository,
    DriveGrantsService,
    DriveAccess,
    DriveIndexStateRepository,
    DriveIndexState,
    DriveLooks,
    DriveWatch,
    DriveRelocation,
    ConfiguredDrives,
    NewEntryOwners,
    DriveRowsRepository,
    DriveRoots,
    ForgottenEntriesRepository,
    DriveForgetting,
    DriveAdministration,
    DriveAdditions,
    PersonalDrives,
  ],
  exports: [DrivesService, DriveAccess, DriveIndexState, FolderTotals],
})
export class DrivesModule {}
