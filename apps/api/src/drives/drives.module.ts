import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DriveEntity } from './drive.entity';
import { DriveAccess } from './drive-access.service';
import { DriveGrantsRepository } from './drive-grants.repository';
import { DriveGrantsService } from './drive-grants.service';
import { DrivesController } from './drives.controller';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';
import { FolderTotalsChangeEntity, FolderTotalsEntity } from './folder-totals.entity';
import { PersonalDrives } from './personal-drives.service';

@Module({
  imports: [TypeOrmModule.forFeature([DriveEntity, FolderTotalsEntity, FolderTotalsChangeEntity])],
  controllers: [DrivesController],
  providers: [
    DrivesRepository,
    DrivesService,
    DriveGrantsRepository,
    DriveGrantsService,
    DriveAccess,
    PersonalDrives,
  ],
  exports: [DrivesService, DriveAccess],
})
export class DrivesModule {}
