import { errorCode } from '../../platform/filesystem/error-code';

/** Whether the sync of a folder failed for the filesystem has none: it says so. Anything else is a failing disk. */
export function hasNoFolderSync(error: unknown): boolean {
  return ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error));
}
