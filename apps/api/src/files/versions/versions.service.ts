import type { FileMetadata, FileVersionPage, ListVersionsQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { DrivesService, type ServedDrive } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { requireRoom } from '../copies/copies.service';
import { FileCopier, scanOf } from '../copies/file-copier.service';
import { describeContent, type OpenDownload } from '../downloads/downloads.service';
import { EntriesService } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { newFile, type NewFile } from '../entries/new-entry';
import { FileNotFoundError, VersionNotFoundError } from '../files.errors';
import { settling } from '../incoming/quota-hold';
import { Quotas } from '../incoming/quotas.service';
import { Replacements } from './replacements.service';
import { toFileVersion, type Version, versionPath } from './version';
import { VersionRemoval } from './version-removal.service';
import { VersionsRepository } from './versions.repository';

/** The earlier contents of files, for whoever may see the file. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly repository: VersionsRepository,
    private readonly entries: EntriesService,
    private readonly drives: DrivesService,
    private readonly replacements: Replacements,
    private readonly removal: VersionRemoval,
    private readonly copier: FileCopier,
    private readonly quotas: Quotas,
  ) {}

  /** @throws FileNotFoundError */
  async list(
    actor: Actor,
    fileId: string,
    { limit, cursor }: ListVersionsQuery,
  ): Promise<FileVersionPage> {
    const { id } = requireFile(await this.entries.get(actor, fileId));
    const found = await this.repository.list(id, { before: cursor ?? null, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return {
      items: shown.map(toFileVersion),
      nextCursor: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  /** Whoever opens it closes `file`. @throws FileNotFoundError, VersionNotFoundError, ContentMissingError, DriveOfflineError */
  async open(actor: Actor, fileId: string, versionId: string): Promise<OpenDownload> {
    const entry = requireFile(await this.entries.get(actor, fileId));
    const version = await this.find(fileId, versionId);
    const file = await this.openBytes(version);
    return { ...describeContent(contentOf(entry, version), file), file, address: null };
  }

  /**
   * Gives the file the content that it had. The one that it has by now is kept, and so is this one: a restoration is
   * another new content.
   * @throws FileNotFoundError, VersionNotFoundError, AccessDeniedError, FileBusyError, DriveFullError,
   * DriveOfflineError, DriveReadOnlyError
   */
  async restore(actor: Actor, fileId: string, versionId: string): Promise<FileMetadata> {
    const find = () => this.entries.getChangeable(actor, fileId, null);
    const entry = requireFile(await find());
    const version = await this.find(fileId, versionId);
    const drive = await this.drives.find(entry.driveId);
    await this.drives.requireWritable(drive);
    await requireRoom(drive, version.size);
    const stagedName = uuid7();
    const hold = await this.quotas.hold(actor, version.size);
    try {
      const file = await this.stageAgain(entry, version, {
        drive,
        stagedName,
        uploadedBy: actor.userId,
      });
      const content = { file, cause: actor, alongside: settling(hold) };
      return toFileMetadata(await this.replacements.replace(drive, find, content));
    } finally {
      await hold?.release();
      await drive.storage.removeStaged(stagedName).catch(() => undefined); // recovery finds it
    }
  }

  /** @throws FileNotFoundError, VersionNotFoundError, AccessDeniedError, DriveOfflineError, DriveReadOnlyError */
  async remove(actor: Actor, fileId: string, versionId: string): Promise<void> {
    await this.entries.getChangeable(actor, fileId, null);
    const version = await this.find(fileId, versionId);
    const drive = await this.drives.find(version.driveId);
    await this.drives.requireWritable(drive);
    await this.removal.remove(drive, [version]);
  }

  private async stageAgain(
    entry: Entry,
    version: Version,
    {
      drive,
      stagedName,
      uploadedBy,
    }: { drive: ServedDrive; stagedName: string; uploadedBy: string },
  ): Promise<NewFile> {
    const bytes = await this.openBytes(version);
    try {
      const { staged } = await this.copier.stageOpen(bytes, version, { to: drive, stagedName });
      const place = { id: entry.id, parentId: entry.parentId ?? '', filename: entry.filename };
      const { contentType } = version;
      const scan = scanOf(version, bytes, staged);
      return newFile(place, staged, { contentType, scan, tags: [], uploadedBy });
    } finally {
      await bytes.close();
    }
  }

  private async find(fileId: string, versionId: string): Promise<Version> {
    const version = await this.repository.find(fileId, versionId);
    if (version === null) throw new VersionNotFoundError();
    return version;
  }

  private async openBytes({ driveId, keptUnder, id }: Version) {
    const drive = await this.drives.find(driveId);
    await this.drives.requireSeen(drive);
    return drive.storage.open(versionPath(keptUnder, id));
  }
}

/** @throws FileNotFoundError for folders */
function requireFile(entry: Entry): Entry {
  if (entry.kind !== 'file') throw new FileNotFoundError();
  return entry;
}

/** The file as it was then, under the name that it has now. */
function contentOf(
  entry: Entry,
  { size, sha256, contentType, modifiedAt, corruptedAt }: Version,
): Entry {
  return { ...entry, size, sha256, contentType, modifiedAt, corruptedAt };
}
