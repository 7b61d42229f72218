import { threadProgram } from '../platform/threads/thread-program';
import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { DrivesModule } from '../drives';
import { ArchiveSender } from './archives/archive-sender.service';
import { ArchivedTree } from './archives/archived-tree.repository';
import { ArchivedTrees } from './archives/archived-trees.service';
import { ArchivesController } from './archives/archives.controller';
import { ArchivesService } from './archives/archives.service';
import { BrowsingController } from './browsing/browsing.controller';
import { BrowsingRepository } from './browsing/browsing.repository';
import { BrowsingService } from './browsing/browsing.service';
import { UsageRepository } from './browsing/usage.repository';
import { UsageService } from './browsing/usage.service';
import { ClaimsController } from './claims/claims.controller';
import { ClaimsRepository } from './claims/claims.repository';
import { ClaimsService } from './claims/claims.service';
import { CopiedTree } from './copies/copied-tree.repository';
import { CopiedTrees } from './copies/copied-trees.service';
import { CopiesController } from './copies/copies.controller';
import { CopiesService } from './copies/copies.service';
import { CopyJobs } from './copies/copy-jobs.service';
import { DriveMoves } from './copies/drive-moves.service';
import { EntryCopies } from './copies/entry-copies.service';
import { EntryMoves } from './copies/entry-moves.service';
import { ExchangeRepository } from './copies/exchange.repository';
import { Exchanges } from './copies/exchanges.service';
import { FileCopier } from './copies/file-copier.service';
import { FormerPlaces } from './copies/former-places.service';
import { MoveJobs } from './copies/move-jobs.service';
import { TreeMoves } from './copies/tree-moves.service';
import { DownloadsController } from './downloads/downloads.controller';
import { DownloadsService } from './downloads/downloads.service';
import { ShortDownloads } from './downloads/short-downloads';
import { DriveTreesRepository } from './entries/drive-trees.repository';
import { DriveTrees } from './entries/drive-trees.service';
import { EntriesController } from './entries/entries.controller';
import { CommitIntents } from './entries/commit-intents.repository';
import { EntriesRepository } from './entries/entries.repository';
import { EntriesService } from './entries/entries.service';
import { EntryBytes } from './entries/entry-bytes.service';
import { EntryNames } from './entries/entry-names.repository';
import { EntryMover } from './entries/entry-mover.service';
import { EntryLease } from './entries/entry-lease';
import { EntryPlaces } from './entries/entry-places.repository';
import { PlainCommitsRepository } from './entries/plain-commits.repository';
import { EntryRecords } from './entries/entry-records.service';
import { EntryWrites } from './entries/entry-writes.service';
import { FolderOpenings } from './entries/folder-openings.service';
import { FoldersController } from './entries/folders.controller';
import { FolderTree } from './entries/folder-tree.repository';
import { FolderWrites } from './entries/folder-writes.service';
import { NamedEntries } from './entries/named-entries.repository';
import { FreeNames } from './entries/free-names.service';
import { FileMetadataEntity } from './entries/file-metadata.entity';
import { DriveScans } from './indexing/drive-scans.service';
import { IndexThreadAdapter, INDEX_PROGRAM } from './indexing/index-thread.adapter';
import { Indexer } from './indexing/indexer.service';
import { IndexingController } from './indexing/indexing.controller';
import { IndexUpkeepRepository } from './indexing/index-upkeep.repository';
import { IndexUpkeep } from './indexing/index-upkeep.service';
import { ClamdAdapter } from './incoming/clamd.adapter';
import { IncomingFiles } from './incoming/incoming-files.service';
import { QuotasRepository } from './incoming/quotas.repository';
import { Quotas } from './incoming/quotas.service';
import { IntegrityController } from './integrity/integrity.controller';
import { IntegrityRepository } from './integrity/integrity.repository';
import { IntegrityService } from './integrity/integrity.service';
import { IntegrityUpkeep } from './integrity/integrity-upkeep.service';
import { KnownFilesController } from './known/known-files.controller';
import { KnownFilesRepository } from './known/known-files.repository';
import { KnownFilesService } from './known/known-files.service';
import { DiscardedFolders } from './recovery/discarded-folders.service';
import { EndsRepository } from './recovery/ends.repository';
import { GatheredEnds } from './recovery/gathered-ends.service';
import { RecoveryService } from './recovery/recovery.service';
import { UnfinishedRepository } from './recovery/unfinished.repository';
import { UnfinishedCommits } from './recovery/unfinished-commits.service';
import { UnfinishedMoves } from './recovery/unfinished-moves.service';
import { UnfinishedReplacements } from './recovery/unfinished-replacements.service';
import { UnfinishedWrites } from './recovery/unfinished-writes.service';
import { VisibleEntries } from './entries/visible-entries.repository';
import { FormerFolders } from './trash/former-folders.service';
import { TrashRemoval } from './trash/trash-removal.service';
import { TrashUpkeep } from './trash/trash-upkeep.service';
import { TrashController } from './trash/trash.controller';
import { TrashRepository } from './trash/trash.repository';
import { TrashService } from './trash/trash.service';
import { MultipartReceiver } from './uploads/multipart-receiver';
import { HashesOnTheWay } from './uploads/resumable/hashes-on-the-way';
import { NewUploads } from './uploads/resumable/new-uploads.service';
import { ResumableUploadsController } from './uploads/resumable/resumable-uploads.controller';
import { ResumableUploads } from './uploads/resumable/resumable-uploads.service';
import { UploadCommits } from './uploads/resumable/upload-commits.service';
import { UploadLocks } from './uploads/resumable/upload-locks';
import { UploadUpkeep } from './uploads/resumable/upload-upkeep.service';
import { UploadEntity } from './uploads/resumable/upload.entity';
import { UploadsRepository } from './uploads/resumable/uploads.repository';
import { UploadsController } from './uploads/uploads.controller';
import { UploadNames } from './uploads/upload-names.service';
import { UploadsService } from './uploads/uploads.service';
import { FileVersionEntity } from './versions/file-version.entity';
import { ReplacementWrites } from './versions/replacement-writes.service';
import { ReplacementsRepository } from './versions/replacements.repository';
import { Replacements } from './versions/replacements.service';
import { VersionRemoval } from './versions/version-removal.service';
import { VersionUpkeep } from './versions/version-upkeep.service';
import { VersionsController } from './versions/versions.controller';
import { VersionsRepository } from './versions/versions.repository';
import { VersionsService } from './versions/versions.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([FileMetadataEntity, FileVersionEntity, UploadEntity]),
    DrivesModule,
  ],
  controllers: [
    BrowsingController,
    UploadsController,
    ResumableUploadsController,
    DownloadsController,
    ArchivesController,
    EntriesController,
    FoldersController,
    KnownFilesController,
    CopiesController,
    ClaimsController,
    IndexingController,
    TrashController,
    IntegrityController,
    VersionsController,
  ],
  providers: [
    CommitIntents,
    EntriesRepository,
    PlainCommitsRepository,
    DriveTreesRepository,
    DriveTrees,
    EntriesService,
    EntryLease,
    EntryNames,
    EntryPlaces,
    EntryRecords,
    EntryWrites,
    FolderTree,
    FolderWrites,
    FolderOpenings,
    NamedEntries,
    KnownFilesRepository,
    KnownFilesService,
    FreeNames,
    VisibleEntries,
    EntryMover,
    BrowsingRepository,
    BrowsingService,
    UsageRepository,
    UsageService,
    ClaimsRepository,
    ClaimsService,
    ClamdAdapter,
    IncomingFiles,
    QuotasRepository,
    Quotas,
    ReplacementsRepository,
    ReplacementWrites,
    Replacements,
    UploadNames,
    UploadsService,
    MultipartReceiver,
    UploadsRepository,
    UploadLocks,
    HashesOnTheWay,
    UploadCommits,
    ResumableUploads,
    NewUploads,
    DownloadsService,
    ShortDownloads,
    ArchivedTree,
    ArchivedTrees,
    ArchivesService,
    ArchiveSender,
    EntryBytes,
    FileCopier,
    EntryCopies,
    ExchangeRepository,
    Exchanges,
    FormerPlaces,
    UnfinishedRepository,
    EndsRepository,
    GatheredEnds,
    UnfinishedCommits,
    UnfinishedMoves,
    UnfinishedReplacements,
    UnfinishedWrites,
    DiscardedFolders,
    RecoveryService,
    UploadUpkeep,
    { provide: INDEX_PROGRAM, useFactory: () => threadProgram('index-worker') },
    IndexThreadAdapter,
    IndexUpkeepRepository,
    IndexUpkeep,
    Indexer,
    DriveScans,
    CopiedTree,
    CopiedTrees,
    CopyJobs,
    CopiesService,
    EntryMoves,
    TreeMoves,
    MoveJobs,
    DriveMoves,
    TrashRepository,
    FormerFolders,
    TrashService,
    TrashRemoval,
    TrashUpkeep,
    IntegrityRepository,
    IntegrityService,
    IntegrityUpkeep,
    VersionsRepository,
    VersionRemoval,
    VersionUpkeep,
    VersionsService,
  ],
})
export class FilesModule implements OnApplicationBootstrap {
  constructor(private readonly indexer: Indexer) {}

  /** Nest calls a module when all that is in it has begun: recovery is over then. */
  onApplicationBootstrap(): void {
    this.indexer.start();
  }
}
