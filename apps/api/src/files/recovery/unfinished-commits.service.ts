import { Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  type DriveStorage,
  PathTakenError,
  type ServedDrive,
  type StoredFile,
} from '../../drives';
import { Exchanges } from '../copies/exchanges.service';
import { EntriesRepository } from '../entries/entries.repository';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { FreeNames } from '../entries/free-names.service';
import { GatheredEnds } from './gathered-ends.service';
import { hashFile } from './hash-file';

/** What becomes of a new file, folder or link that nobody is busy with any more. */
@Injectable()
export class UnfinishedCommits {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly ends: GatheredEnds,
    private readonly writes: EntryWrites,
    private readonly freeNames: FreeNames,
    private readonly exchanges: Exchanges,
  ) {}

  /** Finishes or undoes it. */
  async settle(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
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

  /** A copy by which an entry is moved becomes that entry; it is removed again where that has changed since. */
  private async finishCommit(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    if (entry.movesId === null) {
      await this.ends.finishCommit(entry.id);
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
}

/** Whether the final name bears bytes that are no longer staged: by inode, else by their content, or time. */
async function isThisFile(
  entry: UnfinishedEntry,
  storage: DriveStorage,
  final: StoredFile,
): Promise<boolean> {
  if (final.inode !== null && final.inode === entry.inode && final.size === entry.size) return true;
  if (final.size !== entry.size) return false;
  // A copy of bytes that have gone bad has the hash that they should have.
  if (entry.corruptedAt !== null) return final.modifiedAt.getTime() === entry.modifiedAt.getTime();
  return (await hashFile(storage, entry.storagePath)) === entry.sha256;
}
