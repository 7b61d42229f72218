import { Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  DriveOfflineError,
  DrivesService,
  type ReadableFile,
  type ServedDrive,
  type WantedSmallFile,
} from '../../drives';
import type { Entry } from '../entries/entry';
import { EntryBytes } from '../entries/entry-bytes.service';
import { joinPath } from '../entries/storage-path';
import { Indexer } from '../indexing/indexer.service';
import { ArchiveFolder, ClosingFolders } from './archive-folder';
import type { ArchiveItem, FileItem } from './archive-item';
import { ArchiveNames } from './archive-names';
import { type ArchivedChild, type ArchivedEntry, ArchivedTree } from './archived-tree.repository';
import { roomfuls, SmallRooms } from './small-rooms';
import { MAXIMUM_NAME_LENGTH, localHeaderLength } from './zip-records';

const PAGE = 500;
const LISTING_TRIES = 5;
const TOO_LONG = 'Its path is too long for an archive.';
const DELETED =
  'It was deleted, or went to another drive, while it was packed: there may be more in it.';
const NOT_OPENED = 'It could not be opened: there may be more in it, and in the folders below it.';
const NOT_SCANNED =
  'HomeServer has not looked through all of this drive yet: there may be more in this folder.';

/** An entry where it lies, and what it is called in the archive. */
interface Placed {
  readonly entry: ArchivedEntry;
  readonly storagePath: string;
  readonly path: string;
}

interface WalkedDrive {
  readonly drive: ServedDrive;
  /** Whether it was looked through at some time, so that all that is on it is known. */
  readonly isScanned: boolean;
  readonly rooms: SmallRooms;
  readonly closing: ClosingFolders;
}

type FileOrNone = Extract<ArchiveItem, { kind: 'file' | 'left' }>;

interface WantedFile extends WantedSmallFile {
  readonly item: FileItem;
  /** As far as it is known. Bytes. */
  readonly size: number;
}

/** Walks through what is to be packed. At most one page of each folder on the way is in memory. */
@Injectable()
export class ArchivedTrees {
  constructor(
    private readonly tree: ArchivedTree,
    private readonly drives: DrivesService,
    private readonly bytes: EntryBytes,
    private readonly indexer: Indexer,
  ) {}

  /** @param names the names at the top of the archive */
  async *walk(entries: readonly Entry[], names: ArchiveNames): AsyncGenerator<ArchiveItem> {
    const rooms = new SmallRooms();
    const closing = new ClosingFolders();
    try {
      for (const entry of entries) {
        const drive = await this.drives.find(entry.driveId);
        const placed = { entry, storagePath: entry.storagePath, path: names.take(entry.filename) };
        if (entry.kind === 'folder') {
          const isScanned = await this.tree.isScanned(drive.id);
          yield* this.walkFolder({ drive, isScanned, rooms, closing }, placed);
          if (!isScanned) yield { kind: 'left', path: placed.path, reason: NOT_SCANNED };
        } else yield this.fileItem(drive, placed, () => this.bytes.open(entry));
      }
    } finally {
      await closing.end();
    }
  }

  private async *walkFolder(served: WalkedDrive, folder: Placed): AsyncGenerator<ArchiveItem> {
    const { drive, isScanned } = served;
    const { entry, path } = folder;
    const reason = reasonToLeave(folder);
    if (reason !== null) {
      yield { kind: 'left', path, reason };
      return;
    }
    yield { kind: 'folder', path, modifiedAt: entry.modifiedAt };
    if (!isScanned) await this.getReady(drive, entry.id);
    const names = new ArchiveNames();
    for await (const page of this.pages(drive.id, entry.id)) {
      if (page === null) {
        yield { kind: 'left', path, reason: DELETED };
        return;
      }
      const placed = page.map((child) => placedIn(folder, child, names));
      const isOpened = yield* this.walkFiles(served, folder, placed.filter(isFile));
      if (!isOpened) {
        yield { kind: 'left', path, reason: NOT_OPENED };
        return;
      }
      for (const child of placed) if (!isFile(child)) yield* this.walkFolder(served, child);
    }
  }

  /** @param placed files of the folder. @returns false when it cannot be opened: no way leads to what is in it */
  private async *walkFiles(
    { drive, rooms, closing }: WalkedDrive,
    folder: Placed,
    placed: readonly Placed[],
  ): AsyncGenerator<ArchiveItem, boolean> {
    if (placed.length === 0) return true;
    const held = await this.hold(drive, folder);
    if (held === null) return false;
    try {
      const files: WantedFile[] = [];
      for (const file of placed) {
        const item = this.fileItem(drive, file, () => held.open(file.entry));
        if (item.kind === 'file') files.push(wanted(file.entry, item));
        else yield item;
      }
      for (const group of roomfuls(files)) yield itemOf(group, held, rooms);
      return true;
    } finally {
      await closing.close(held);
    }
  }

  private fileItem(drive: ServedDrive, file: Placed, open: FileItem['open']): FileOrNone {
    const { path, entry: known } = file;
    const reason = reasonToLeave(file);
    if (reason !== null) return { kind: 'left', path, reason };
    return { kind: 'file', path, known, open: () => this.tellFromAway(drive, open) };
  }

  /** A disk that fails is told from one that cannot read this file. @throws DriveOfflineError when it is the disk */
  private async tellFromAway(drive: ServedDrive, open: FileItem['open']): Promise<ReadableFile> {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof DriveOfflineError)) throw error;
      await this.drives.requireOnline(drive);
      throw new Error('The disk cannot read this file.', { cause: error });
    }
  }

  /** @returns null when the system or the disk refuses this folder alone. @throws DriveOfflineError when it is the disk */
  private async hold(drive: ServedDrive, { storagePath }: Placed): Promise<ArchiveFolder | null> {
    const { id: driveId, storage } = drive;
    const find = ({ id, filename }: { id: string; filename: string }) =>
      this.bytes.open({ id, driveId, storagePath: joinPath(storagePath, filename) });
    try {
      return new ArchiveFolder(await storage.holdFolder(storagePath), find);
    } catch (error) {
      // Moved meanwhile, or gone: each file is looked for.
      if (error instanceof ContentMissingError) return new ArchiveFolder(null, find);
      await this.drives.requireOnline(drive);
      return null;
    }
  }

  /** The last one is null where the folder has gone before all of it was read. */
  private async *pages(
    driveId: string,
    id: string,
  ): AsyncGenerator<readonly ArchivedChild[] | null> {
    let after: ArchivedChild | null = null;
    do {
      const page: ArchivedChild[] | null = await this.tree.readPage({ id, driveId }, after, PAGE);
      yield page;
      after = page === null || page.length < PAGE ? null : (page.at(-1) ?? null);
    } while (after !== null);
  }

  /** What is not in the index yet gets into it first, as far as that takes no long time. */
  private async getReady({ id }: ServedDrive, folderId: string): Promise<void> {
    for (let turn = 0; turn < LISTING_TRIES; turn += 1) {
      if (await this.tree.isListed(folderId)) return;
      await this.indexer.prepareList(id, folderId);
    }
  }
}

function isFile({ entry }: Placed): boolean {
  return entry.kind === 'file';
}

function placedIn(folder: Placed, child: ArchivedChild, names: ArchiveNames): Placed {
  return {
    entry: child,
    storagePath: joinPath(folder.storagePath, child.filename),
    path: joinPath(folder.path, names.take(child.filename)),
  };
}

function wanted({ filename, size }: ArchivedEntry, item: FileItem): WantedFile {
  return { name: filename, size, gap: localHeaderLength(item.path), item };
}

/** One file is opened while others are; several are read together. */
function itemOf(
  group: readonly WantedFile[],
  folder: ArchiveFolder,
  rooms: SmallRooms,
): ArchiveItem {
  const [first, ...others] = group;
  if (first !== undefined && others.length === 0) return first.item;
  const files = group.map(({ item }) => item);
  return { kind: 'group', files, reading: folder.readSmall(group, rooms) };
}

function reasonToLeave({ entry, path }: Placed): string | null {
  if (Buffer.byteLength(path) >= MAXIMUM_NAME_LENGTH) return TOO_LONG;
  switch (entry.nature) {
    case 'plain':
      return null;
    case 'link':
      return 'It is a symbolic link, and HomeServer follows no links.';
    case 'mount':
      return 'Another filesystem is mounted there, which is not served.';
    case 'unreadable':
      return 'The system does not let HomeServer look into it.';
  }
}
