import type { FileDetails, FileMetadata, NewFolder, PatchFile } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  DriveAccess,
  DrivesService,
  FolderTotals,
  MountedFolderError,
  NameReservedError,
  requireWriteAccess,
  type ServedDrive,
} from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import {
  FileNotFoundError,
  OtherDriveError,
  RootUnchangeableError,
  StaleVersionError,
  UnreadableError,
} from '../files.errors';
import { type Destination, EntriesRepository } from './entries.repository';
import { type Entry, toFileMetadata } from './entry';
import { EntryWrites } from './entry-writes.service';
import { FolderWrites } from './folder-writes.service';
import { newFolder } from './new-entry';
import { onNewest } from './on-newest';
import { VisibleEntries, type VisibleEntry } from './visible-entries.repository';
import { OWN_FOLDER } from '../../platform/filesystem/own-folder';

@Injectable()
export class EntriesService {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly writes: EntryWrites,
    private readonly folders: FolderWrites,
    private readonly totals: FolderTotals,
    private readonly visible: VisibleEntries,
  ) {}

  /** @throws FileNotFoundError when it is absent, or hidden from the actor */
  async get(actor: Actor, id: string): Promise<Entry> {
    return (await this.find(actor, id)).entry;
  }

  /** @throws FileNotFoundError, AccessDeniedError when the actor may only read there */
  async getWritable(actor: Actor, id: string): Promise<Entry> {
    const found = await this.find(actor, id);
    requireWriteAccess(found);
    return found.entry;
  }

  /** @throws FileNotFoundError when it is absent, hidden from the actor, or not a folder */
  async getFolder(actor: Actor, id: string): Promise<Entry> {
    const entry = await this.get(actor, id);
    if (entry.kind !== 'folder') throw new FileNotFoundError();
    return entry;
  }

  /** @throws FileNotFoundError, AccessDeniedError when the actor may only read there */
  async getWritableFolder(actor: Actor, id: string): Promise<Entry> {
    const entry = await this.getWritable(actor, id);
    if (entry.kind !== 'folder') throw new FileNotFoundError();
    // What was written there would lie on another disk than the drive.
    if (entry.nature === 'mount') throw new MountedFolderError();
    return entry;
  }

  /**
   * Makes an empty folder.
   * @throws FileNotFoundError, NameTakenError, NameReservedError, FileBusyError
   */
  async createFolder(
    actor: Actor,
    { driveId, parentId, filename }: Omit<NewFolder, 'conflict'>,
  ): Promise<FileMetadata> {
    const parent = await this.findDestination(actor, driveId, parentId ?? null);
    requireUnreserved(parent, filename);
    const drive = await this.drives.find(parent.driveId);
    await this.drives.requireWritable(drive);
    const folder = newFolder({ id: uuid7(), parentId: parent.id, filename });
    return toFileMetadata(await this.folders.create(drive, folder, actor));
  }

  /** @throws FileNotFoundError */
  async describe(actor: Actor, id: string): Promise<FileDetails> {
    // So that a folder is told as large as it is right after a change.
    await this.totals.settle();
    const entry = await this.get(actor, id);
    const ancestors = await this.repository.findAncestors(id);
    return { ...toFileMetadata(entry), ancestors, scan: entry.scan };
  }

  /**
   * Changes the name, the folder, or the tags.
   * @param ifMatch the versions that the caller has seen; null where it does not care
   * @throws FileNotFoundError, RootUnchangeableError, StaleVersionError, NameTakenError, FileBusyError
   */
  async patch(
    actor: Actor,
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<FileMetadata> {
    return onNewest(ifMatch, () => this.patchOnce(actor, id, patch, ifMatch));
  }

  private async patchOnce(
    actor: Actor,
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<FileMetadata> {
    const entry = await this.getChangeable(actor, id, ifMatch);
    const to = await this.destinationOf(actor, entry, patch);
    if (to !== null) {
      const drive = await this.drives.find(entry.driveId);
      await this.drives.requireWritable(drive);
      if (entry.nature === 'mount') throw new MountedFolderError();
      const change = { to, tags: patch.tags ?? null, cause: actor };
      const writes = entry.kind === 'folder' ? this.folders : this.writes;
      return toFileMetadata(await writes.move(drive, entry, change));
    }
    if (patch.tags === undefined || isSameList(patch.tags, entry.tags))
      return toFileMetadata(entry);
    return toFileMetadata(await this.writes.replaceTags(entry, patch.tags, actor));
  }

  /**
   * Takes an entry away by one step that the caller knows.
   * @param take given the entry as it is, a folder with all that it holds by now, and as the caller may change it
   * @throws FileNotFoundError, RootUnchangeableError, StaleVersionError, FileBusyError, MountedFolderError,
   * UnreadableError
   */
  async takeAway(
    actor: Actor,
    id: string,
    ifMatch: readonly number[] | null,
    take: (entry: Entry, drive: ServedDrive) => Promise<unknown>,
  ): Promise<void> {
    await onNewest(ifMatch, async () => {
      const entry = await this.getCounted(actor, id, ifMatch);
      const drive = await this.drives.find(entry.driveId);
      await this.drives.requireWritable(drive);
      if (entry.nature === 'mount') throw new MountedFolderError();
      // Nobody could say what it is that would be deleted.
      if (entry.kind === 'folder' && entry.nature === 'unreadable') throw new UnreadableError();
      await take(entry, drive);
    });
  }

  /** The folder that something goes to. @param parentId null: the root of the drive, or of where a write goes that names none */
  async findDestination(
    actor: Actor,
    driveId: string | undefined,
    parentId: string | null,
  ): Promise<Entry> {
    const parent = parentId === null ? null : await this.getWritableFolder(actor, parentId);
    if (parent === null) {
      const drive =
        driveId === undefined
          ? await this.driveAccess.getDefault(actor)
          : await this.driveAccess.getWritable(actor, driveId);
      return this.getWritableFolder(actor, drive.rootFolderId);
    }
    if (driveId !== undefined && parent.driveId !== driveId) throw new FileNotFoundError();
    return parent;
  }

  private async find(actor: Actor, id: string): Promise<VisibleEntry> {
    const found = await this.visible.find(actor.userId, id);
    if (found === null) throw new FileNotFoundError();
    return found;
  }

  /** An entry that the caller wants to change, as it has seen it. @throws StaleVersionError, RootUnchangeableError */
  async getChangeable(actor: Actor, id: string, ifMatch: readonly number[] | null): Promise<Entry> {
    const entry = await this.getWritable(actor, id);
    if (entry.parentId === null) throw new RootUnchangeableError();
    if (ifMatch !== null && !ifMatch.includes(entry.version)) throw new StaleVersionError();
    return entry;
  }

  /** The same, of a folder with what has come into it a moment ago counted. */
  private async getCounted(
    actor: Actor,
    id: string,
    ifMatch: readonly number[] | null,
  ): Promise<Entry> {
    const entry = await this.getChangeable(actor, id, ifMatch);
    if (entry.kind === 'file') return entry;
    await this.totals.settle();
    return this.getChangeable(actor, id, ifMatch);
  }

  /** Where a change moves an entry; null when it stays where it is. */
  private async destinationOf(
    actor: Actor,
    entry: Entry,
    { filename = entry.filename, parentId, driveId }: PatchFile,
  ): Promise<Destination | null> {
    const drive =
      driveId === undefined
        ? await this.drives.find(entry.driveId)
        : await this.driveAccess.getWritable(actor, driveId);
    if (drive.id !== entry.driveId) throw new OtherDriveError();
    const targetId =
      parentId === null ? drive.rootFolderId : (parentId ?? entry.parentId ?? drive.rootFolderId);
    if (targetId === entry.parentId && filename === entry.filename) return null;
    const folder = await this.getWritableFolder(actor, targetId);
    if (folder.driveId !== drive.id) throw new OtherDriveError();
    requireUnreserved(folder, filename);
    return { parentId: folder.id, filename };
  }
}

/** The root of a drive has a folder of ours. @throws NameReservedError */
export function requireUnreserved(folder: Pick<Entry, 'parentId'>, filename: string): void {
  if (folder.parentId === null && filename.toLowerCase() === OWN_FOLDER)
    throw new NameReservedError();
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
