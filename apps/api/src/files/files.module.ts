import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DrivesModule } from '../drives';
import { BrowsingController } from './browsing/browsing.controller';
import { BrowsingRepository } from './browsing/browsing.repository';
import { BrowsingService } from './browsing/browsing.service';
import { UsageRepository } from './browsing/usage.repository';
import { UsageService } from './browsing/usage.service';
import { DownloadsController } from './downloads/downloads.controller';
import { DownloadsService } from './downloads/downloads.service';
import { EntriesController } from './entries/entries.controller';
import { EntriesRepository } from './entries/entries.repository';
import { EntriesService } from './entries/entries.service';
import { EntryLease } from './entries/entry-lease';
import { EntryRecords } from './entries/entry-records.service';
import { EntryWrites } from './entries/entry-writes.service';
import { FolderTree } from './entries/folder-tree.repository';
import { FolderWrites } from './entries/folder-writes.service';
import { FreeNames } from './entries/free-names.service';
import { FileMetadataEntity } from './entries/file-metadata.entity';
import { DriveScans } from './indexing/drive-scans.service';
import { IndexThreadAdapter, INDEX_PROGRAM } from './indexing/index-thread.adapter';
import { Indexer } from './indexing/indexer.service';
import { IndexingController } from './indexing/indexing.controller';
import { indexProgram } from './indexing/index-program';
import { IndexUpkeepRepository } from './indexing/index-upkeep.repository';
import { IndexUpkeep } from './indexing/index-upkeep.service';
import { DiscardedFolders } from './recovery/discarded-folders.service';
import { RecoveryService } from './recovery/recovery.service';
import { UnfinishedRepository } from './recovery/unfinished.repository';
import { UnfinishedWrites } from './recovery/unfinished-writes.service';
import { MultipartReceiver } from './uploads/multipart-receiver';
import { UploadsController } from './uploads/uploads.controller';
import { UploadsService } from './uploads/uploads.service';

@Module({
  imports: [TypeOrmModule.forFeature([FileMetadataEntity]), DrivesModule],
  controllers: [
    BrowsingController,
    UploadsController,
    DownloadsController,
    EntriesController,
    IndexingController,
  ],
  providers: [
    EntriesRepository,
    EntriesService,
    EntryLease,
    EntryRecords,
    EntryWrites,
    FolderTree,
    FolderWrites,
    FreeNames,
    BrowsingRepository,
    BrowsingService,
    UsageRepository,
    UsageService,
    UploadsService,
    MultipartReceiver,
    DownloadsService,
    UnfinishedRepository,
    UnfinishedWrites,
    DiscardedFolders,
    RecoveryService,
    // After recovery: what a crash left half done is no change from outside.
    { provide: INDEX_PROGRAM, useFactory: indexProgram },
    IndexThreadAdapter,
    IndexUpkeepRepository,
    IndexUpkeep,
    Indexer,
    DriveScans,
  ],
})
export class FilesModule {}
