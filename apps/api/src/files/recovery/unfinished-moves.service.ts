import { Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  type DriveStorage,
  PathTakenError,
  type ServedDrive,
  type StoredEntry,
} from '../../drives';
import { EntriesRepository } from '../entries/entries.repository';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { FolderWrites } from '../entries/folder-writes.service';
import { splitPath } from '../entries/storage-path';
import { GatheredEnds } from './gathered-ends.service';
import { hashFile } from './hash-file';

/** What becomes of a move that nobody is busy with any more, also of one to the trash or out of it. */
@Injectable()
export class UnfinishedMoves {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly ends: GatheredEnds,
    private readonly writes: EntryWrites,
    private readonly folders: FolderWrites,
  ) {}

  /** Finishes or undoes it. */
  async settle(entry: UnfinishedEntry, { storage }: ServedDrive): Promise<void> {
    return entry.kind === 'folder'
      ? this.settleFolder(entry, storage)
      : this.settleFile(entry, storage);
  }

  private async settleFile(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const { sourcePath, from } = sourceOf(entry);
    const source = await storage.look(sourcePath, 'again');
    // The old name may bear another file by now, which is none of ours to move.
    if (source?.inode !== entry.inode && (await hasArrived(entry, storage))) {
      await this.ends.finishMove(entry.id, from);
      return;
    }
    try {
      await storage.move(sourcePath, entry.storagePath, 'again');
    } catch (error) {
      const isUndone =
        error instanceof PathTakenError ||
        (error instanceof ContentMissingError && !(await hasArrived(entry, storage)));
      if (isUndone) {
        await this.repository.undoMove(entry.id, from);
        return;
      }
      if (!(error instanceof ContentMissingError)) throw error;
    }
    await this.ends.finishMove(entry.id, from);
  }

  private async settleFolder(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const { sourcePath, from } = sourceOf(entry);
    const [source, target] = await Promise.all([
      storage.look(sourcePath),
      storage.look(entry.storagePath),
    ]);
    if (isArrivedFolder(entry, source, target)) {
      await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
      return;
    }
    try {
      await storage.moveFolder(sourcePath, entry.storagePath, 'again');
    } catch (error) {
      if (!(error instanceof PathTakenError || error instanceof ContentMissingError)) throw error;
      await this.folders.undoMove(entry, from);
      return;
    }
    await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
  }
}

/** Whether what lies under the new name is the file, or the link, that was moved there, and no other. */
async function hasArrived(entry: UnfinishedEntry, storage: DriveStorage): Promise<boolean> {
  const target = await storage.look(entry.storagePath, 'again');
  if (target === null || target.kind !== (entry.nature === 'link' ? 'link' : 'file')) return false;
  if (target.inode !== null && target.inode === entry.inode) return true;
  if (target.kind === 'link') return false;
  return (
    target.size === entry.size && (await hashFile(storage, entry.storagePath)) === entry.sha256
  );
}

/** By inode, where the old name bears another folder by now; else by the old name that is gone. */
function isArrivedFolder(
  { inode }: UnfinishedEntry,
  source: StoredEntry | null,
  target: StoredEntry | null,
): boolean {
  if (target?.kind !== 'folder') return false;
  if (source?.kind !== 'folder') return true;
  return inode !== null && target.inode === inode && source.inode !== inode;
}

function sourceOf(entry: UnfinishedEntry) {
  const sourcePath = entry.sourcePath ?? '';
  const { filename } = splitPath(sourcePath);
  return { sourcePath, from: { parentId: entry.sourceParentId ?? '', filename } };
}
