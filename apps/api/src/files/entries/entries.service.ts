import type { FileDetails, FileMetadata, PatchFile } from '@homeserver/dto';
import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DrivesService, NameReservedError, OWN_FOLDER } from '../../drives';
import { DomainError } from '../../platform/http/domain-error';
import {
  FileBusyError,
  FileNotFoundError,
  RootUnchangeableError,
  StaleVersionError,
} from '../files.errors';
import { type Destination, EntriesRepository } from './entries.repository';
import { type Entry, toFileMetadata } from './entry';
import { EntryWrites } from './entry-writes.service';
import { joinPath } from './storage-path';

const ATTEMPTS = 5;

@Injectable()
export class EntriesService implements OnModuleInit {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly drives: DrivesService,
    private readonly writes: EntryWrites,
  ) {}

  /** Each drive's tree begins with a root. */
  async onModuleInit(): Promise<void> {
    for (const drive of this.drives.list()) {
      await this.repository.insertRoot({
        id: drive.rootFolderId,
        driveId: drive.id,
        filename: drive.name,
      });
    }
  }

  /** @throws FileNotFoundError */
  async get(id: string): Promise<Entry> {
    const entry = await this.repository.findVisible(id);
    if (entry === null) throw new FileNotFoundError();
    return entry;
  }

  /** @throws FileNotFoundError when it is absent, or not a folder */
  async getFolder(id: string): Promise<Entry> {
    const entry = await this.get(id);
    if (entry.kind !== 'folder') throw new FileNotFoundError();
    return entry;
  }

  /** @throws FileNotFoundError */
  async describe(id: string): Promise<FileDetails> {
    const entry = await this.get(id);
    return { ...toFileMetadata(entry), ancestors: await this.repository.findAncestors(id) };
  }

  /**
   * Changes the name, the folder, or the tags.
   * @param ifMatch the versions that the caller has seen; null where it does not care
   * @throws FileNotFoundError, RootUnchangeableError, StaleVersionError, NameTakenError, FileBusyError
   */
  async patch(
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<FileMetadata> {
    return this.onNewest(ifMatch, () => this.patchOnce(id, patch, ifMatch));
  }

  private async patchOnce(
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<FileMetadata> {
    const entry = await this.getChangeable(id, ifMatch);
    const to = await this.destinationOf(entry, patch);
    if (to !== null) {
      const drive = this.drives.get(entry.driveId);
      await this.drives.requireWritable(drive);
      return toFileMetadata(await this.writes.move(drive, entry, to, patch.tags ?? null));
    }
    if (patch.tags === undefined || isSameList(patch.tags, entry.tags))
      return toFileMetadata(entry);
    return toFileMetadata(await this.writes.replaceTags(entry, patch.tags));
  }

  /**
   * Removes a file for good.
   * @throws FileNotFoundError, RootUnchangeableError, StaleVersionError, FileBusyError
   */
  async delete(id: string, ifMatch: readonly number[] | null): Promise<void> {
    await this.onNewest(ifMatch, async () => {
      const entry = await this.getChangeable(id, ifMatch);
      const drive = this.drives.get(entry.driveId);
      await this.drives.requireWritable(drive);
      await this.writes.delete(drive, entry);
    });
  }

  /** A caller that named no version wants its change on whatever is the newest, also when others change it too. */
  private async onNewest<Result>(
    ifMatch: readonly number[] | null,
    change: () => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await change();
      } catch (error) {
        if (!(error instanceof StaleVersionError) || ifMatch !== null) throw error;
        if (attempt === ATTEMPTS) throw new FileBusyError();
      }
    }
  }

  private async getChangeable(id: string, ifMatch: readonly number[] | null): Promise<Entry> {
    const entry = await this.get(id);
    if (entry.parentId === null) throw new RootUnchangeableError();
    if (ifMatch !== null && !ifMatch.includes(entry.version)) throw new StaleVersionError();
    return entry;
  }

  /** Where a change moves an entry; null when it stays where it is. */
  private async destinationOf(
    entry: Entry,
    { filename = entry.filename, parentId, driveId }: PatchFile,
  ): Promise<Destination | null> {
    const drive = this.drives.get(driveId ?? entry.driveId);
    if (drive.id !== entry.driveId) {
      throw new DomainError(
        'drives.other_drive',
        409,
        'Files cannot be moved to another drive yet. Download it and upload it there.',
      );
    }
    const targetId =
      parentId === null ? drive.rootFolderId : (parentId ?? entry.parentId ?? drive.rootFolderId);
    if (targetId === entry.parentId && filename === entry.filename) return null;
    const folder = await this.getFolder(targetId);
    if (folder.driveId !== drive.id) throw new FileNotFoundError();
    requireUnreserved(folder, filename);
    return { parentId: folder.id, filename, storagePath: joinPath(folder.storagePath, filename) };
  }
}

/** The root of a drive has a folder of ours. @throws NameReservedError */
export function requireUnreserved(folder: Entry, filename: string): void {
  if (folder.parentId === null && filename.toLowerCase() === OWN_FOLDER)
    throw new NameReservedError();
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
