import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DriveEntity } from './drive.entity';
import { DrivesController } from './drives.controller';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';
import { FolderTotalsChangeEntity, FolderTotalsEntity } from './folder-totals.entity';

@Module({
  imports: [TypeOrmModule.forFeature([DriveEntity, FolderTotalsEntity, FolderTotalsChangeEntity])],
  controllers: [DrivesController],
  providers: [DrivesRepository, DrivesService],
  exports: [DrivesService],
})
export class DrivesModule {}
