import { createHash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  type DriveStorage,
  PathTakenError,
  type ServedDrive,
  type StoredEntry,
  type StoredFile,
} from '../../drives';
import { Exchanges } from '../copies/exchanges.service';
import { FormerPlaces } from '../copies/former-places.service';
import { EntriesRepository } from '../entries/entries.repository';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { FolderWrites } from '../entries/folder-writes.service';
import { FreeNames } from '../entries/free-names.service';
import { splitPath } from '../entries/storage-path';
import { GROUPED_WRITES } from './grouped-writes';
import { UnfinishedReplacements } from './unfinished-replacements.service';

const READ_BYTES = 1024 * 1024;

/** What becomes of a write that nobody is busy with: what the drive shows decides whether it is finished or undone. */
@Injectable()
export class UnfinishedWrites {
  constructor(
    private readonly repository: EntriesRepository,
    @Inject(GROUPED_WRITES) private readonly writes: EntryWrites,
    private readonly folders: FolderWrites,
    private readonly freeNames: FreeNames,
    private readonly exchanges: Exchanges,
    private readonly former: FormerPlaces,
    private readonly replacements: UnfinishedReplacements,
  ) {}

  /** Finishes or undoes the write that an entry is in. The drive is online. */
  async settle(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
    switch (entry.state) {
      case 'committing':
        return this.settleCommit(entry, drive);
      case 'moving':
        return entry.kind === 'folder'
          ? this.settleFolderMove(entry, drive.storage)
          : this.settleMove(entry, drive.storage);
      case 'deleting':
        return this.settleDelete(entry, drive.storage);
      case 'replacing':
        return this.replacements.settle(entry, drive);
    }
  }

  private async settleCommit(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
    if (entry.kind === 'folder') return this.settleFolder(entry, drive.storage);
    if (entry.nature === 'link') return this.settleLink(entry, drive.storage);
    const { storage } = drive;
    // Also where it has its name already, which may not have been on the disk yet when the crash came.
    if ((await storage.statStaged(entry.stagedName ?? '')) !== null)
      return this.publishAgain(entry, drive);
    const final = await storage.stat(entry.storagePath);
    if (final !== null && (await isThisFile(entry, storage, final)))
      await this.finishCommit(entry, storage);
    else await this.repository.deleteCommitting(entry.id);
  }

  private async publishAgain(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
    const stagedName = entry.stagedName ?? '';
    const parentId = entry.parentId ?? drive.rootFolderId;
    try {
      await drive.storage.publish(stagedName, entry.storagePath, 'again');
      await this.finishCommit(entry, drive.storage);
      await drive.storage.removeStaged(stagedName);
    } catch (error) {
      if (!(error instanceof PathTakenError)) throw error;
      await this.repository.deleteCommitting(entry.id);
      // Nobody waits for a move any more that could not be made: the entry is where it was.
      if (entry.movesId !== null) return drive.storage.removeStaged(stagedName);
      await this.freeNames.use(parentId, entry.filename, (filename) =>
        this.writes.commit(
          drive,
          { ...entry, parentId, filename, stagedName, birthNs: null },
          null,
        ),
      );
    }
  }

  /** A folder that is there already may be somebody else's: it is one of the drive in any case. */
  private async settleFolder(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    try {
      const made = await storage.makeFolder(entry.storagePath, 'again');
      await this.writes.finishCommit(entry.id, null, made);
    } catch (error) {
      if (!(error instanceof PathTakenError || error instanceof ContentMissingError)) throw error;
      await this.repository.deleteCommitting(entry.id);
    }
  }

  private async settleLink(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const made = await storage.look(entry.storagePath);
    if (made?.kind === 'link' && entry.movesId !== null) await this.finishCommit(entry, storage);
    else if (made?.kind === 'link') await this.writes.finishCommit(entry.id, null, made);
    else await this.repository.deleteCommitting(entry.id);
  }

  private async settleMove(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const { sourcePath, from } = sourceOf(entry);
    const source = await storage.look(sourcePath);
    // The old name may bear another file by now, which is none of ours to move.
    if (source?.inode !== entry.inode && (await hasArrived(entry, storage))) {
      await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
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
    await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
  }

  private async settleFolderMove(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
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

  /** A copy by which an entry is moved becomes that entry; it is removed again where that has changed since. */
  private async finishCommit(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    if (entry.movesId === null) {
      await this.writes.finishFile(entry);
      return;
    }
    const moved = await this.exchanges.exchangeFile(entry.id, {
      tags: null,
      cause: null,
      formerTime: null,
    });
    if (moved !== null) return;
    await storage.remove(entry.storagePath);
    await this.repository.deleteCommitting(entry.id);
  }

  private async settleDelete(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    if (entry.movesId !== null) return this.former.remove(entry, storage);
    if (entry.kind === 'file') {
      await storage.remove(entry.storagePath);
      return this.writes.finishDelete(entry.id, null);
    }
    // What bears its name after that is another folder.
    if (!(await storage.listDiscarded()).includes(entry.id))
      await storage.discardFolder(entry.storagePath, entry.id);
    return this.folders.finishDelete(entry, null);
  }
}

/** Whether the final name bears bytes that are no longer staged: by inode, else by their content. */
async function isThisFile(
  entry: UnfinishedEntry,
  storage: DriveStorage,
  final: StoredFile,
): Promise<boolean> {
  if (final.inode !== null && final.inode === entry.inode && final.size === entry.size) return true;
  if (final.size !== entry.size) return false;
  return (await hashFile(storage, entry.storagePath)) === entry.sha256;
}

/** Whether what lies under the new name is the file, or the link, that was moved there, and no other. */
async function hasArrived(entry: UnfinishedEntry, storage: DriveStorage): Promise<boolean> {
  const target = await storage.look(entry.storagePath);
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

async function hashFile(storage: DriveStorage, path: string): Promise<string> {
  const file = await storage.open(path);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; ;) {
      const count = await file.read(buffer, position);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
      position += count;
    }
  } finally {
    await file.close();
  }
}
