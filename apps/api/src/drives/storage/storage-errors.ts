import { errorCode } from '../../platform/filesystem/error-code';
import {
  ContentMissingError,
  DriveForbiddenError,
  DriveFullError,
  DriveOfflineError,
  DriveReadOnlyError,
  OtherFilesystemError,
} from '../drives.errors';

export const NOTHING_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];
const NO_SPACE = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What a caller is told of an error of the system. @param drive its name */
export function toStorageError(drive: string, error: unknown): Error {
  const code = errorCode(error);
  if (NO_SPACE.includes(code)) return new DriveFullError(drive, error);
  if (['EIO', 'ENODEV', 'ENXIO', 'ESTALE'].includes(code)) return new DriveOfflineError(drive);
  if (code === 'EXDEV') return new OtherFilesystemError();
  if (code === 'EROFS') return new DriveReadOnlyError(drive);
  if (['EACCES', 'EPERM'].includes(code)) return new DriveForbiddenError(drive, error);
  if (NOTHING_THERE.includes(code)) return new ContentMissingError();
  return error instanceof Error ? error : new Error(String(error));
}

/** @param absent what it comes to where nothing is there, or not even the folder of it */
export async function ifThere<Result>(work: Promise<Result>, absent: Result): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ContentMissingError) return absent;
    throw error;
  }
}
