import type { FileVersion, ScanMark } from '@homeserver/dto';
import { VERSIONS_PATH } from '../../platform/filesystem/own-folder';

/** An earlier content of a file. Sizes in bytes, sha256 in lowercase hex. */
export interface Version {
  readonly id: string;
  readonly fileId: string;
  readonly driveId: string;
  readonly keptUnder: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly contentType: string;
  readonly scan: ScanMark | null;
  readonly modifiedAt: Date;
  readonly replacedAt: Date;
  readonly replacedBy: string | null;
  /** When its bytes were found not to be those that were kept; null while they are. */
  readonly corruptedAt: Date | null;
}

/** The folder in which the earlier contents of a file are kept, inside its drive. */
export function versionFolder(fileId: string): string {
  return `${VERSIONS_PATH}/${fileId}`;
}

export function versionPath(fileId: string, versionId: string): string {
  return `${versionFolder(fileId)}/${versionId}`;
}

export function toFileVersion(version: Version): FileVersion {
  const { id, fileId, driveId, size, sha256, contentType, replacedBy } = version;
  return {
    id,
    fileId,
    driveId,
    size,
    sha256,
    contentType,
    modifiedAt: version.modifiedAt.toISOString(),
    replacedAt: version.replacedAt.toISOString(),
    replacedBy,
    corruptedAt: version.corruptedAt?.toISOString() ?? null,
  };
}
