export {
  ContentMissingError,
  DriveFullError,
  DriveNotFoundError,
  DriveOfflineError,
  MountedFolderError,
  NotAFileError,
  NameReservedError,
  OtherFilesystemError,
} from './drives.errors';
export { DrivesModule } from './drives.module';
export { DriveAccess, type DriveUsage, requireWriteAccess } from './drive-access.service';
export { INTO_TOTALS_CHANGES, type TotalsChange } from './folder-totals.repository';
export { FolderTotals } from './folder-totals.service';
export { DriveIndexState } from './drive-index-state.service';
export { DrivesService } from './drives.service';
export { placeOf, type ServedDrive } from './served-drive';
export {
  BEGINNING_BYTES,
  type DriveStorage,
  type FileAttributes,
  PathTakenError,
  type ReadableFolder,
  SMALL_FILE_BYTES,
  type StagedFile,
  type StoredEntry,
  type StoredFile,
} from './storage/drive-storage';
export type { ReadableBytes, ReadableFile } from './storage/readable-file';
export type { SmallFile, WantedSmallFile } from './storage/small-files';
export type { StagedFileWriter, WrittenFile } from './storage/staged-file-writer';
export { PartTooLongError, type StagedPartWriter } from './storage/staged-part-writer';
export { chooseDrives, scanDrives } from './operator/scan-drives';
export { ScanOrdersRepository } from './operator/scan-orders.repository';
