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
import { ArchiveFolder } from './archive-folder';
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
    for (const entry of entries) {
      const drive = await this.drives.find(entry.driveId);
      const placed = { entry, storagePath: entry.storagePath, path: names.take(entry.filename) };
      if (entry.kind === 'folder') {
        const isScanned = await this.tree.isScanned(drive.id);
        yield* this.walkFolder({ drive, isScanned, rooms }, placed);
        if (!isScanned) yield { kind: 'left', path: placed.path, reason: NOT_SCANNED };
      } else yield this.fileItem(drive, placed, () => this.bytes.open(entry));
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
    yield* this.walkFiles(served, folder, names);
    for await (const children of this.pages(entry.id, 'folder'))
      for (const child of children) yield* this.walkFolder(served, placedIn(folder, child, names));
    if (!(await this.tree.isThere(entry.id, drive.id)))
      yield { kind: 'left', path, reason: DELETED };
  }

  private async *walkFiles(
    { drive, rooms }: WalkedDrive,
    folder: Placed,
    names: ArchiveNames,
  ): AsyncGenerator<ArchiveItem> {
    let held: ArchiveFolder | null = null;
    try {
      for await (const children of this.pages(folder.entry.id, 'file')) {
        const opened = (held ??= await this.hold(drive, folder));
        const files: WantedFile[] = [];
        for (const child of children) {
          const placed = placedIn(folder, child, names);
          const item = this.fileItem(drive, placed, () => opened.open(child));
          if (item.kind === 'file') files.push(wanted(child, item));
          else yield item;
        }
        for (const group of roomfuls(files)) yield itemOf(group, opened, rooms);
      }
    } finally {
      await held?.close();
    }
  }

  private fileItem(drive: ServedDrive, file: Placed, open: FileItem['open']): FileOrNone {
    const { path } = file;
    const reason = reasonToLeave(file);
    if (reason !== null) return { kind: 'left', path, reason };
    return { kind: 'file', path, open: () => this.tellFromAway(drive, open) };
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

  private async hold(
    { id: driveId, storage }: ServedDrive,
    folder: Placed,
  ): Promise<ArchiveFolder> {
    const { storagePath } = folder;
    const find = ({ id, filename }: { id: string; filename: string }) =>
      this.bytes.open({ id, driveId, storagePath: joinPath(storagePath, filename) });
    try {
      return new ArchiveFolder(await storage.holdFolder(storagePath), find);
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
      return new ArchiveFolder(null, find); // moved meanwhile, or gone: each file is looked for
    }
  }

  private async *pages(
    folderId: string,
    kind: ArchivedEntry['kind'],
  ): AsyncGenerator<readonly ArchivedChild[]> {
    let after: ArchivedChild | null = null;
    do {
      const page: ArchivedChild[] = await this.tree.readChildren(folderId, kind, after, PAGE);
      yield page;
      after = page.length < PAGE ? null : (page.at(-1) ?? null);
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
